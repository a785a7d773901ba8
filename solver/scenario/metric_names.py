"""What a run is measured by; docs/scenarios.md has the same list. Shares are fractions of 1."""

METRICS = {
    "cost_minor": "all that the plans cost by the policy's terms, without the price of unfilled units",
    "cost_per_order_minor": "cost_minor by orders that ship",
    "paid_minor": "what carriers and sources are paid: freight, lane_price, surcharges, transfer, handling, packaging",
    "paid_per_order_minor": "paid_minor by orders that ship",
    "freight_per_order_minor": "freight by orders that ship",
    "packages_per_order": "packages by orders that ship",
    "split_share": "orders in more than one package, of orders that ship",
    "cross_province_share": "packages from another province, of packages",
    "meters_per_package": "distance by packages",
    "on_time_share": "orders all of which arrives by the promise, of orders that ship and were promised a time",
    "late_hours_per_order": "hours that the last package comes after the promise, by orders with a promise",
    "fill_rate": "units that ship, of units ordered",
    "lost_sales_minor": "what customers would have paid for units that do not ship",
    "oversold_units": "units promised beyond what was there: 0, or the run is wrong",
    "carbon_grams_per_order": "CO2 equivalent by orders that ship",
    "stock_turnover": "units that leave within the horizon, by the mean of the units on hand within it",
    "stock_out_rate": "the part of the horizon in which a SKU at a source that ever has some has none to promise; mean",
    "idle_stock_share": "units of SKUs at sources from which none is ever taken, of all units that are or come there",
    "busiest_source_share": "packages of the source that ships most, of packages",
    "dealer_share": "packages that dealers ship, of packages",
}
METRICS_OF_RETURNS = {
    "returned_units": "units that customers send back, of all that ship in the run",
    "returned_share": "returned_units, of the units in packages that leave",
    "return_cost_minor": "what their parcels cost, looking at the units, and shipping what is sent in exchange",
    "refund_minor": "what customers had paid for units that they send back, and for which nothing is sent to them",
    "restocked_units": "returned units that are graded good, and lie at a source to be sold again",
    "resold_units": "units that ship from places beyond what lay or came there otherwise: restocked ones, sold again",
    "exchanged_units": "units that are sent for returned ones",
}
"""Figures of scenarios whose goods come back; others do not list them."""
ALL_METRICS = METRICS | METRICS_OF_RETURNS
