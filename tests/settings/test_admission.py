"""Shares of callers, as they are written."""

import pytest

from solver.settings.admission import AdmissionSettings


def test_shares_are_read_by_caller() -> None:
    settings = AdmissionSettings(shares=("oms=3", "reports=0.5"))
    assert ([*settings.faults()], settings.share_of_callers()) == ([], {"oms": 3.0, "reports": 0.5})


@pytest.mark.parametrize("share", ["oms", "=2", "oms=", "oms=0", "oms=101", "oms=nan", "oms=much"])
def test_what_is_no_share_is_refused_by_name(share: str) -> None:
    [(name, remedy)] = AdmissionSettings(shares=(share,)).faults()
    assert (name, remedy) == ("shares", f"{share!r} must be CALLER=SHARE, with a share from 0.01 to 100")
