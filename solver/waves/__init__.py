"""Many orders decided together: what they compete for, its prices, a plan and how far at most it is from the best."""
