"""A channel that has some of the tea for itself, and may sell no more than its ceiling."""

from solver.app import Application
from solver.stock.layers.channel_model import Channel, Quota
from solver.stock.layers.channel_rows import put_channels
from solver.stock.layers.dividing import set_quotas


def divide(application: Application) -> None:
    """Two teas are the web's alone; it sells five at most."""
    with application.database.write() as tx:
        put_channels(tx, [Channel(channel_id="web", tier=1)])
        quota = Quota(channel_id="web", logical_id="", sku="TEA", exclusive_units=2, ceiling_units=5)
        set_quotas(application.journal, tx, [quota], "set")
