"""Stock of others: dealers' own trade, drop-shippers' reports."""
