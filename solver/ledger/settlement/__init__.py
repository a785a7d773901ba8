"""Settlement: what every party has of orders is gathered, held back, netted, carried forward and paid, run by run."""
