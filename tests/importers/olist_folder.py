"""A small Brazilian data folder in the formats of the real one."""

from collections.abc import Sequence

from tests.importers.data_folder import DataFolder, Rows

SAO_PAULO, RIO = ("-23.5475", "-46.6361"), ("-22.9068", "-43.1729")
ORDER_HEADER = (
    "order_id",
    "customer_id",
    "order_status",
    "order_purchase_timestamp",
    "order_approved_at",
    "order_delivered_carrier_date",
    "order_delivered_customer_date",
    "order_estimated_delivery_date",
)
ITEM_HEADER = (
    "order_id",
    "order_item_id",
    "product_id",
    "seller_id",
    "shipping_limit_date",
    "price",
    "freight_value",
)
STATES = (
    ("35", "SP", "São Paulo", "-22.19", "-48.79", "Sudeste"),
    ("33", "RJ", "Rio de Janeiro", "-22.25", "-42.66", "Sudeste"),
    ("31", "MG", "Minas Gerais", "-18.1", "-44.38", "Sudeste"),
    ("41", "PR", "Paraná", "-24.89", "-51.55", "Sul"),
    ("26", "PE", "Pernambuco", "-8.38", "-37.86", "Nordeste"),
    ("53", "DF", "Distrito Federal", "-15.83", "-47.86", "Centro-Oeste"),
)
MUNICIPALITIES = (
    ("3550308", "São Paulo", *SAO_PAULO, "1", "35", "7107", "11", "America/Sao_Paulo"),
    ("3304557", "Rio de Janeiro", *RIO, "1", "33", "6001", "21", "America/Sao_Paulo"),
    ("3106200", "Belo Horizonte", "-19.9102", "-43.9266", "1", "31", "4123", "31", "America/Sao_Paulo"),
    ("4106902", "Curitiba", "-25.4195", "-49.2646", "1", "41", "7535", "41", "America/Sao_Paulo"),
    ("2611606", "Recife", "-8.04666", "-34.8771", "1", "26", "2531", "81", "America/Recife"),
    ("5300108", "Brasília", "-15.7795", "-47.9297", "1", "53", "9701", "61", "America/Sao_Paulo"),
)
ZIP_PREFIXES = (
    ("1001", "-23.5493", "-46.6336", "sao paulo", "SP"),
    ("20001", "-22.9000", "-43.1800", "rio de janeiro", "RJ"),
)
PRODUCTS = (
    ("p1", "artes", "40", "287", "1", "800", "16", "10", "14"),
    ("p2", "artes", "40", "287", "1", "2500", "20", "10", "10"),
    ("p3", "artes", "40", "287", "1", "", "20", "10", "10"),
)


class OlistFolder(DataFolder):
    """A data folder with a good world in it; each part can be written anew."""

    def fill(self) -> None:
        self.states()
        self.municipalities()
        self.zip_prefixes()
        self.products()
        self.sellers([("s1", "1001", "sao paulo", "SP")])
        self.customers([("c1", "u1", "20001", "rio de janeiro", "RJ")])
        self.orders([order()])
        self.items([item()])
        header = ("product_category_name", "product_category_name_english")
        self.write("olist/reference/product_category_name_translation.csv.gz", header, [("artes", "art")])

    def states(self, rows: Rows = STATES) -> None:
        header = ("codigo_uf", "uf", "nome", "latitude", "longitude", "regiao")
        self.write("olist/reference/br_estados.csv", header, rows)

    def municipalities(self, rows: Rows = MUNICIPALITIES) -> None:
        header = (
            "codigo_ibge",
            "nome",
            "latitude",
            "longitude",
            "capital",
            "codigo_uf",
            "siafi_id",
            "ddd",
            "fuso_horario",
        )
        self.write("olist/reference/br_municipios.csv.gz", header, rows)

    def zip_prefixes(self, rows: Rows = ZIP_PREFIXES) -> None:
        names = ("zip_code_prefix", "lat", "lng", "city", "state")
        header = [f"geolocation_{name}" for name in names]
        self.write("olist/reference/olist_geolocation_by_zip_prefix.csv.gz", header, rows)

    def products(self, rows: Rows = PRODUCTS) -> None:
        header = (
            "product_id",
            "product_category_name",
            "product_name_lenght",
            "product_description_lenght",
            "product_photos_qty",
            "product_weight_g",
            "product_length_cm",
            "product_height_cm",
            "product_width_cm",
        )
        self.write("olist/reference/olist_products_dataset.csv.gz", header, rows)

    def sellers(self, rows: Rows) -> None:
        header = ("seller_id", "seller_zip_code_prefix", "seller_city", "seller_state")
        self.write("olist/reference/olist_sellers_dataset.csv.gz", header, rows)

    def customers(self, rows: Rows) -> None:
        names = ("id", "unique_id", "zip_code_prefix", "city", "state")
        header = [f"customer_{name}" for name in names]
        self.write("olist/sample_a/olist_customers_dataset.csv.gz", header, rows)

    def orders(self, rows: Rows) -> None:
        self.write("olist/sample_a/olist_orders_dataset.csv.gz", ORDER_HEADER, rows)

    def items(self, rows: Rows) -> None:
        self.write("olist/sample_a/olist_order_items_dataset.csv.gz", ITEM_HEADER, rows)


def order(**changes: str) -> Sequence[str]:
    """A delivered order of customer c1, with the given columns replaced."""
    values = (
        "o1",
        "c1",
        "delivered",
        "2018-06-12 20:07:44",
        "2018-06-12 20:44:26",
        "2018-06-13 13:00:00",
        "2018-06-19 13:00:00",
        "2018-07-17 00:00:00",
    )
    return list((dict(zip(ORDER_HEADER, values, strict=True)) | changes).values())


def item(**changes: str) -> Sequence[str]:
    """One unit of p1 in order o1, with the given columns replaced."""
    values = ("o1", "1", "p1", "s1", "2018-06-15 20:44:26", "35.9", "15.2")
    return list((dict(zip(ITEM_HEADER, values, strict=True)) | changes).values())
