"""What is not there yet: consignments on their way, backorders, and what is promised of either."""
