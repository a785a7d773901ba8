"""Threads that race for a channel's last units, while quotas change and goods come."""

import threading

from solver.errors import InvalidRequest, StockShort
from solver.journal.journal import Journal
from solver.stock.layers.channel_model import Channel, Quota
from solver.stock.stock import Stock
from solver.storage.database import Database
from tests.stock.divided_world import Divided

ROUNDS = 40


def test_threads_of_two_channels_take_no_more_than_either_may_while_quotas_change(
    database: Database, stock: Stock, journal: Journal
) -> None:
    world = Divided(database, stock, journal)
    world.channels(Channel(channel_id="web"), Channel(channel_id="shop"))
    world.receive(60)
    world.feed(east=500)
    world.quotas(Quota(channel_id="web", sku="tea", exclusive_units=20, ceiling_units=30))
    held: list[str] = []

    def take(seller: str, worker: int) -> None:
        for number in range(ROUNDS):
            try:
                world.hold(f"{seller}-{worker}-{number}", 1, seller)
                held.append(seller)
            except StockShort:
                continue

    def change() -> None:
        for number in range(ROUNDS):
            world.feed(east=1 + number * 37 % 999)
            try:
                world.quotas(Quota(channel_id="web", sku="tea", exclusive_units=20 + number % 5, ceiling_units=30))
            except InvalidRequest:
                continue

    threads = [threading.Thread(target=take, args=(seller, worker)) for seller in ("web", "shop") for worker in (1, 2)]
    threads.append(threading.Thread(target=change))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert held.count("web") <= 30
    assert len(held) <= 60
    assert len(held) == sum(pending for _, pending in world.at_site().values())
    assert len(held) + sum(world.sellable("")) <= 60
    assert world.audited()
