"""Small waves proven by parting their plans: which sources open, and which orders they serve."""
