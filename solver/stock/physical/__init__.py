"""What lies where within a site: places, lots, states, counts, returns."""
