"""Many orders planned together on the stock of the moment, and held in one transaction."""
