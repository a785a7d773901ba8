"""The engine of waves: prices of what orders compete for, a bound from them, and plans by search around them."""
