"""Every table that stock is kept in, in the order in which databases of tests take them."""

from solver.journal.schema import JOURNAL_SCHEMA
from solver.stock.holding.holds import HOLD_SCHEMA
from solver.stock.layers.channel_rows import CHANNEL_SCHEMA
from solver.stock.physical.papers import PAPER_SCHEMA
from solver.stock.physical.place_rows import PLACE_SCHEMA

STOCK_SCHEMAS = (JOURNAL_SCHEMA, PLACE_SCHEMA, PAPER_SCHEMA, CHANNEL_SCHEMA, HOLD_SCHEMA)
