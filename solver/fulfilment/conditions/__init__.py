"""How carriers and sources fare: what was reported or inferred, and the network as it is while that lasts."""
