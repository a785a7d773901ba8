"""In which state units lie, and which of them a person may bring about."""

from enum import StrEnum


class StockState(StrEnum):
    """What may be done with units: GOOD ones are sold; RESERVED are a dealer's own, STALE what a drop-shipper lately
    said nothing about. The others wait for a decision.
    """

    GOOD = "good"
    DEFECTIVE = "defective"
    FROZEN = "frozen"
    INSPECTION = "inspection"
    RESERVED = "reserved"
    STALE = "stale"


# The other two follow from a dealer's terms and a drop-shipper's reports.
BY_HAND = (StockState.GOOD, StockState.DEFECTIVE, StockState.FROZEN, StockState.INSPECTION)
