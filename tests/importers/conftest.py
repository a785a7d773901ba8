"""Fixtures of the importers' tests: a data folder to fill, good rows to spoil, real data where it is present."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.importers.data_folder import ORDER_HEADER, SHOP_HEADER, DataFolder


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """An empty data folder."""
    return DataFolder(tmp_path / "data")


@pytest.fixture
def order_row() -> Callable[..., list[str]]:
    """A good row of the Chinese orders, with the given columns replaced."""

    def row(**changes: str) -> list[str]:
        good = dict(
            zip(
                ORDER_HEADER,
                ("D100", "2019-03-11 00:00:00", "S1", "东区", "湖北省", "武汉市", "X001", "862", "121", "104302"),
                strict=True,
            )
        )
        return list((good | changes).values())

    return row


@pytest.fixture
def shop_row() -> Callable[..., list[str]]:
    """A good row of a store locator, with the given columns replaced."""

    def row(**changes: str) -> list[str]:
        values = (
            "3234b666-15fe",
            "DJI",
            "武汉店",
            "30.60",
            "114.30",
            "某路1号",
            "湖北省",
            "武汉市",
            "10:00~22:00",
            "2025-12-08",
            "营业中",
        )
        return list((dict(zip(SHOP_HEADER, values, strict=True)) | changes).values())

    return row


@pytest.fixture
def real_data(shared_data: Path) -> Path:
    """The folder of real data, which is not part of the repository."""
    return shared_data
