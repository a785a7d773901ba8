from datetime import UTC, datetime
from pathlib import Path

import pytest

from solver.errors import InvalidRequest, NotFound
from solver.importers.olist.importer import import_olist
from solver.importers.olist.options import OlistOptions
from solver.importers.result import ImportResult, summary, write_import
from solver.network.model import SourceKind
from solver.orders.model import Address, OrderLine
from solver.scenario.files import read_scenario
from tests.importers.olist_folder import MUNICIPALITIES, PRODUCTS, STATES, ZIP_PREFIXES, OlistFolder, item, order


@pytest.fixture
def olist(tmp_path: Path) -> OlistFolder:
    folder = OlistFolder(tmp_path / "data")
    folder.fill()
    return folder


def read(olist: OlistFolder) -> ImportResult:
    return import_olist(olist.root, OlistOptions())


def rejections(result: ImportResult) -> list[tuple[str, int, str, str]]:
    return [(item.file.rsplit("/", 1)[1], item.line, item.reason, item.text) for item in result.rejected]


def test_a_sale_becomes_an_order_at_the_customers_coordinates(olist: OlistFolder) -> None:
    result = read(olist)
    (made,) = result.scenario.orders
    assert (made.order_id, made.currency) == ("o1", "BRL")
    assert made.placed_at == datetime(2018, 6, 12, 23, 7, 44, tzinfo=UTC)  # three hours behind UTC
    assert made.promised_at == datetime(2018, 7, 18, 3, 0, tzinfo=UTC)  # the end of 17 July
    assert made.destination == Address(region_id="BR-3304557", latitude=-22.9, longitude=-43.18, text="rio de janeiro")
    assert made.lines == (OrderLine(line_id="1", sku="p1", quantity=1, unit_price_minor=3590),)
    assert result.rejected == ()


def test_summer_time_of_sao_paulo_is_two_hours_behind_utc(olist: OlistFolder) -> None:
    olist.orders([order(order_purchase_timestamp="2018-01-20 12:15:57")])
    assert read(olist).scenario.orders[0].placed_at == datetime(2018, 1, 20, 14, 15, 57, tzinfo=UTC)


def test_item_rows_of_one_product_and_price_are_counted_into_one_line(olist: OlistFolder) -> None:
    olist.items(
        [item(), item(order_item_id="2"), item(order_item_id="3", price="30"), item(order_item_id="4", product_id="p2")]
    )
    olist.orders([order(), order(order_id="o2")])
    olist.items(
        [
            item(order_id="o2"),
            item(),
            item(order_item_id="2"),
            item(order_item_id="3", price="30"),
            item(order_item_id="4", product_id="p2"),
        ]
    )
    made = {made.order_id: made for made in read(olist).scenario.orders}["o1"]
    assert [(line.sku, line.quantity, line.unit_price_minor) for line in made.lines] == [
        ("p1", 2, 3590),
        ("p1", 1, 3000),
        ("p2", 1, 3590),
    ]


@pytest.mark.parametrize(
    ("changes", "reason", "text"),
    [
        ({"order_status": "canceled"}, "order_canceled", "order_id=o2"),
        ({"order_status": "unavailable"}, "order_unavailable", "order_id=o2"),
        ({"customer_id": "c9"}, "unknown_customer", "customer_id=c9"),
        (
            {"order_purchase_timestamp": "yesterday"},
            "unreadable_time",
            "order_purchase_timestamp=yesterday",
        ),
        ({"order_purchase_timestamp": "2018-06-12"}, "unreadable_time", "order_purchase_timestamp=2018-06-12"),
        ({"order_estimated_delivery_date": ""}, "unreadable_time", "order_estimated_delivery_date="),
        ({"order_delivered_customer_date": "x"}, "unreadable_time", "order_delivered_customer_date=x"),
        ({"order_id": "o1"}, "repeated_order", "order_id=o1"),
    ],
)
def test_an_order_that_cannot_be_used_is_rejected_and_the_others_stay(
    olist: OlistFolder, changes: dict[str, str], reason: str, text: str
) -> None:
    alone = read(olist).scenario.orders
    olist.orders([order(), order(**({"order_id": "o2"} | changes))])
    result = read(olist)
    assert rejections(result) == [("olist_orders_dataset.csv.gz", 3, reason, text)]
    assert result.scenario.orders == alone


def test_an_order_without_items_is_rejected(olist: OlistFolder) -> None:
    olist.orders([order(), order(order_id="o2", order_status="invoiced")])
    assert rejections(read(olist)) == [
        ("olist_orders_dataset.csv.gz", 3, "order_without_items", "order_id=o2 order_status=invoiced")
    ]


@pytest.mark.parametrize(
    ("changes", "reason", "text"),
    [
        ({"order_id": "o9"}, "order_not_used", "order_id=o9"),
        ({"order_item_id": "1"}, "repeated_item", "order_id=o1 order_item_id=1"),
        ({"product_id": "p9"}, "unknown_product", "product_id=p9"),
        ({"seller_id": "s9"}, "unknown_seller", "seller_id=s9"),
        ({"price": "free"}, "unreadable_money", "price=free freight_value=15.2"),
        ({"freight_value": "-1"}, "unreadable_money", "price=35.9 freight_value=-1"),
        ({"price": "1.999"}, "unreadable_money", "price=1.999 freight_value=15.2"),
    ],
)
def test_an_item_that_cannot_be_used_is_rejected_and_the_others_stay(
    olist: OlistFolder, changes: dict[str, str], reason: str, text: str
) -> None:
    alone = read(olist).scenario.orders
    olist.items([item(), item(**({"order_item_id": "2"} | changes))])
    result = read(olist)
    assert rejections(result) == [("olist_order_items_dataset.csv.gz", 3, reason, text)]
    assert result.scenario.orders == alone


@pytest.mark.parametrize(
    ("latitude", "longitude", "reason"),
    [
        ("41.146", "-8.577", "coordinates_outside_brazil"),
        ("-34.586", "-58.732", "coordinates_outside_brazil"),
        ("-15.8", "-47.9", "coordinates_far_from_municipality"),
        ("", "-43.2", "unreadable_coordinates"),
    ],
)
def test_a_zip_prefix_placed_where_it_cannot_be_leaves_the_order_to_its_region(
    olist: OlistFolder, latitude: str, longitude: str, reason: str
) -> None:
    olist.zip_prefixes([ZIP_PREFIXES[0], ("20001", latitude, longitude, "rio de janeiro", "RJ")])
    result = read(olist)
    text = f"20001,{latitude},{longitude},rio de janeiro,RJ"
    assert rejections(result) == [("olist_geolocation_by_zip_prefix.csv.gz", 3, reason, text)]
    assert result.scenario.orders[0].destination == Address(region_id="BR-3304557", text="rio de janeiro")
    rule = "customer zip prefix: no usable coordinates, the centre of the region stands in"
    assert dict(result.repairs)[rule] == 1


def test_of_two_rows_for_one_zip_prefix_the_first_stands(olist: OlistFolder) -> None:
    olist.zip_prefixes([*ZIP_PREFIXES, ("20001", "-22.95", "-43.20", "rio de janeiro", "RJ")])
    result = read(olist)
    assert [(line, reason) for _, line, reason, _ in rejections(result)] == [(4, "repeated_zip_prefix")]
    assert result.scenario.orders[0].destination.latitude == -22.9


def test_a_city_that_is_no_municipality_leaves_the_state(olist: OlistFolder) -> None:
    olist.customers([("c1", "u1", "20001", "barra de nada", "RJ")])
    result = read(olist)
    assert result.scenario.orders[0].destination.region_id == "BR-RJ"
    rule = "customer city: no municipality of that name in its state, the state is the region"
    assert dict(result.repairs)[rule] == 1


def test_a_customer_of_an_unknown_state_is_rejected_with_its_order(olist: OlistFolder) -> None:
    olist.customers([("c1", "u1", "20001", "rio", "XX"), ("c2", "u2", "20001", "rio de janeiro", "RJ")])
    olist.orders([order(), order(order_id="o2", customer_id="c2")])
    olist.items([item(), item(order_id="o2")])
    result = read(olist)
    assert [made.order_id for made in result.scenario.orders] == ["o2"]
    assert rejections(result) == [
        ("olist_customers_dataset.csv.gz", 2, "unknown_state", "customer_state=XX"),
        ("olist_order_items_dataset.csv.gz", 2, "order_not_used", "order_id=o1"),
        ("olist_orders_dataset.csv.gz", 2, "unknown_customer", "customer_id=c1"),
    ]


def test_accents_and_leading_zeros_do_not_hide_a_seller(olist: OlistFolder) -> None:
    olist.sellers([("s1", "01001", "São Paulo", "SP")])
    olist.orders([order(order_id=f"o{at}") for at in range(20)])
    olist.items([item(order_id=f"o{at}") for at in range(20)])
    dealers = [source for source in read(olist).scenario.sources if source.kind is SourceKind.DEALER]
    assert [(dealer.source_id, dealer.region_id, dealer.latitude, dealer.longitude) for dealer in dealers] == [
        ("s1", "BR-3550308", -23.5493, -46.6336)
    ]


def test_weights_and_sizes_are_real_and_a_missing_one_is_the_median_of_its_category(olist: OlistFolder) -> None:
    olist.orders([order(), order(order_id="o2")])
    olist.items(
        [
            item(order_id="o2"),
            item(),
            item(order_item_id="2", product_id="p2"),
            item(order_item_id="3", product_id="p3"),
        ]
    )
    result = read(olist)
    sizes = [
        (made.sku, made.weight_grams, made.length_mm, made.width_mm, made.height_mm)
        for made in result.scenario.materials
    ]
    assert sizes == [("p1", 800, 160, 140, 100), ("p2", 2500, 200, 100, 100), ("p3", 800, 200, 100, 100)]
    assert result.scenario.materials[0].name == "art p1"
    assert dict(result.repairs) == {"product weight: missing or zero, the median of its category stands in": 1}


def test_the_written_folder_reads_back_equal_and_twice_the_same(olist: OlistFolder, tmp_path: Path) -> None:
    write_import(read(olist), tmp_path / "a")
    write_import(read(olist), tmp_path / "b")
    assert read_scenario(tmp_path / "a") == read(olist).scenario
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in names)


def test_the_summary_tells_rows_orders_rejections_and_assumptions(olist: OlistFolder) -> None:
    olist.orders([order(), order(order_id="o2", order_status="canceled")])
    lines = summary(read(olist)).splitlines()
    for expected in (
        "         2  olist/sample_a/olist_orders_dataset.csv.gz",
        "         1  orders",
        "         1  olist/sample_a/olist_orders_dataset.csv.gz: order_canceled",
        "  1 usable orders found, 1 drawn.",
        "  Volumetric weight is assumed at 6000 cm3 per kg, in the fit and in the tariff.",
    ):
        assert expected in lines


def test_no_more_orders_are_drawn_than_asked_for(olist: OlistFolder) -> None:
    olist.orders([order(order_id=f"o{at}") for at in range(30)])
    olist.items([item(order_id=f"o{at}") for at in range(30)])

    def drawn(seed: int) -> list[str]:
        orders = import_olist(olist.root, OlistOptions(orders=5, seed=seed)).scenario.orders
        return [made.order_id for made in orders]

    assert len(drawn(1)) == 5
    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    with pytest.raises(InvalidRequest, match="at least 1 order"):
        OlistOptions(orders=0)


def test_reference_rows_that_cannot_be_used_are_rejected_and_the_others_stay(olist: OlistFolder) -> None:
    alone = read(olist).scenario
    olist.states([*STATES, ("99", "XX", "Nowhere", "north", "-40", "Sul")])
    olist.municipalities(
        [
            *MUNICIPALITIES,
            ("9900001", "Ninguém", "-20", "-40", "0", "99", "1", "99", "America/Sao_Paulo"),
            ("3500001", "Sem Lugar", "", "", "0", "35", "1", "11", "America/Sao_Paulo"),
        ]
    )
    olist.products([*PRODUCTS, PRODUCTS[0], ("p4", "artes")])
    olist.customers([("c1", "u1", "20001", "rio de janeiro", "RJ"), ("c1", "u1", "1001", "sao paulo", "SP")])
    olist.sellers([("s1", "1001", "sao paulo", "SP"), ("", "1001", "sao paulo", "SP")])
    result = read(olist)
    assert result.scenario == alone
    assert [(file, line, reason) for file, line, reason, _ in rejections(result)] == [
        ("br_estados.csv", 8, "unreadable_coordinates"),
        ("br_municipios.csv.gz", 8, "unknown_state"),
        ("br_municipios.csv.gz", 9, "unreadable_coordinates"),
        ("olist_products_dataset.csv.gz", 5, "repeated_product"),
        ("olist_products_dataset.csv.gz", 6, "ragged_row"),
        ("olist_sellers_dataset.csv.gz", 3, "repeated_seller"),
        ("olist_customers_dataset.csv.gz", 3, "repeated_customer"),
    ]


def test_a_missing_warehouse_city_is_named(olist: OlistFolder) -> None:
    olist.municipalities(MUNICIPALITIES[:-1])
    with pytest.raises(NotFound, match="BR-5300108"):
        read(olist)


def test_without_a_delivery_there_is_nothing_to_fit_a_tariff_to(olist: OlistFolder) -> None:
    olist.orders([order(order_delivered_customer_date="")])
    with pytest.raises(InvalidRequest, match="to fit a tariff to"):
        read(olist)
