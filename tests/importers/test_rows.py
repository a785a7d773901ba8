import gzip
from pathlib import Path

import pytest

from solver.errors import InvalidRequest, NotFound
from solver.importers.rows import read_rows


def test_rows_carry_the_line_they_begin_on_also_after_a_cell_of_several_lines(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('name,hours\none,"9-12\n13-18"\ntwo,always\n\nthree,never\n')
    rows = [*read_rows(tmp_path, "a.csv", ("name",))]
    assert [(row.line, row["name"]) for row in rows] == [(2, "one"), (4, "two"), (6, "three")]
    assert rows[0]["hours"] == "9-12\n13-18"


def test_gzip_byte_order_mark_and_outer_spaces_are_read_through(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress("\ufeffname,price\n 面膜 , 12 \n".encode()))
    (row,) = read_rows(tmp_path, "a.csv.gz", ("name", "price"))
    assert (row.file, row.line, dict(row.values)) == ("a.csv.gz", 2, {"name": "面膜", "price": "12"})


@pytest.mark.parametrize("line", ["1", "1,2,3"])
def test_a_row_of_another_length_than_the_header_is_marked(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.csv").write_text(f"x,y\n1,2\n{line}\n")
    assert [row.whole for row in read_rows(tmp_path, "a.csv", ("x", "y"))] == [True, False]


def test_a_missing_column_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    with pytest.raises(InvalidRequest) as refused:
        list(read_rows(tmp_path, "a.csv", ("x", "z")))
    assert [(item.field, item.value, item.remedy) for item in refused.value.violations] == [
        ("a.csv:1", "x,y", "needs the columns z")
    ]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no file deep/a\.csv"):
        list(read_rows(tmp_path, "deep/a.csv", ("x",)))


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("名\n面膜\n".encode("gbk"))
    with pytest.raises(InvalidRequest, match="UTF-8"):
        list(read_rows(tmp_path, "a.csv", ()))
