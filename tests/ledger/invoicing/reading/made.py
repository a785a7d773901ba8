"""E-invoices as platforms write them, with invented people and numbers."""

import io
import zipfile
from collections.abc import Mapping

NUMBER = "26312000000000000001"
FULLY_DIGITAL = f"""<?xml version="1.0" encoding="UTF-8"?>
<EInvoice xmlns="urn:example">
 <Header><EIid>{NUMBER}</EIid></Header>
 <EInvoiceData>
  <SellerInformation><SellerIdNum>91310000MA1FL00099</SellerIdNum><SellerName>寻源茶行</SellerName></SellerInformation>
  <BuyerInformation><BuyerIdNum>91310000MA1FL00011</BuyerIdNum><BuyerName>海上茶业有限公司</BuyerName></BuyerInformation>
  <BasicInformation><TotalAmWithoutTax>110.00</TotalAmWithoutTax><TotalTaxAm>13.00</TotalTaxAm>
   <TotalTax-includedAmount>123.00</TotalTax-includedAmount><RequestTime>2026-03-02 10:11:12</RequestTime>
  </BasicInformation>
  <IssuItemInformation><ItemName>*茶*龙井</ItemName><MeaUnits>盒</MeaUnits><Quantity>2</Quantity>
   <Amount>100.00</Amount><TaxRate>0.13</TaxRate><ComTaxAm>13.00</ComTaxAm></IssuItemInformation>
  <IssuItemInformation><ItemName>*蔬菜*青菜</ItemName><Amount>10.00</Amount><TaxRate>免税</TaxRate>
   <ComTaxAm>***</ComTaxAm></IssuItemInformation>
 </EInvoiceData>
 <TaxSupervisionInfo><InvoiceNumber>{NUMBER}</InvoiceNumber><IssueTime>2026-03-03</IssueTime></TaxSupervisionInfo>
</EInvoice>"""
ORIGINAL = """<?xml version="1.0" encoding="UTF-8"?>
<fp:eInvoice xmlns:fp="http://example/fp">
 <fp:InvoiceCode>031001900111</fp:InvoiceCode><fp:InvoiceNo>12345678</fp:InvoiceNo>
 <fp:IssueDate>2021年05月06日</fp:IssueDate>
 <fp:Buyer><fp:BuyerName>李雷</fp:BuyerName></fp:Buyer>
 <fp:Seller><fp:SellerName>寻源茶行</fp:SellerName><fp:SellerTaxID>91310000MA1FL00099</fp:SellerTaxID></fp:Seller>
 <fp:TaxInclusiveTotalAmount>113.00</fp:TaxInclusiveTotalAmount>
 <fp:TaxTotalAmount>13.00</fp:TaxTotalAmount><fp:TaxExclusiveTotalAmount>100.00</fp:TaxExclusiveTotalAmount>
 <fp:GoodsInfos><fp:GoodsInfo><fp:Item>*茶*龙井</fp:Item><fp:Amount>100.00</fp:Amount>
  <fp:TaxScheme>13%</fp:TaxScheme><fp:TaxAmount>13.00</fp:TaxAmount></fp:GoodsInfo></fp:GoodsInfos>
</fp:eInvoice>"""


def _object(name: str, down: float, text: str) -> str:
    code = f"<ofd:TextCode>{text}</ofd:TextCode>"
    return f'<ofd:TextObject ID="{name}" Boundary="1 {down} 9 4">{code}</ofd:TextObject>'


def _tag(name: str, *refs: str) -> str:
    listed = "".join(f'<ofd:ObjectRef PageRef="1">{ref}</ofd:ObjectRef>' for ref in refs)
    return f"<ofd:{name}>{listed}</ofd:{name}>"


_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_TEXTS = {
    "1": (10, NUMBER),
    "2": (16, "2026年03月03日"),
    "3": (30, "海上茶业有限公司"),
    "4": (30, "寻源茶行"),
    "5": (34, "91310000MA1FL00099"),
    "6": (90, "¥"),
    "7": (90, "110.00"),
    "8": (90, "13.00"),
    "9": (96, "123.00"),
    "10": (56, "*茶*龙井（特级，礼"),
    "11": (60, "盒）"),
    "12": (56, "100.00"),
    "13": (56, "13.00"),
    "14": (56, "13%"),
    "15": (64, "*蔬菜*青菜"),
    "16": (64.1, "10.00"),
    "17": (64, "***"),
    "18": (64, "免税"),
}
_TAGS = (
    _tag("InvoiceNo", "1")
    + _tag("IssueDate", "2")
    + _tag("BuyerName", "3")
    + _tag("SellerName", "4")
    + _tag("SellerTaxID", "5")
    + _tag("TaxExclusiveTotalAmount", "6", "7")
    + _tag("TaxTotalAmount", "8")
    + _tag("TaxInclusiveTotalAmount", "9")
    + _tag("Item", "10", "11", "15")
    + _tag("Amount", "12", "16")
    + _tag("TaxAmount", "13", "17")
    + _tag("TaxScheme", "14", "18")
)
ENTRIES = {
    "OFD.xml": f"<ofd:OFD {_OFD}><ofd:DocBody><ofd:DocInfo><ofd:CustomDatas>"
    f'<ofd:CustomData Name="发票号码">{NUMBER}</ofd:CustomData><ofd:CustomData Name="合计金额">110.00</ofd:CustomData>'
    "</ofd:CustomDatas></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
    "Doc_0/Document.xml": f'<ofd:Document {_OFD}><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>'
    "</ofd:Pages><ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags></ofd:Document>",
    "Doc_0/Tags/CustomTags.xml": f"<ofd:CustomTags {_OFD}><ofd:CustomTag><ofd:FileLoc>CustomTag.xml</ofd:FileLoc>"
    "</ofd:CustomTag></ofd:CustomTags>",
    "Doc_0/Tags/CustomTag.xml": f"<ofd:root {_OFD}>{_TAGS}</ofd:root>",
    "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page {_OFD}>"
    + "".join(_object(name, down, text) for name, (down, text) in _TEXTS.items())
    + "</ofd:Page>",
}


def packed(entries: Mapping[str, str] = ENTRIES) -> bytes:
    """A zip of these entries."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in entries.items():
            zipped.writestr(name, text)
    return file.getvalue()
