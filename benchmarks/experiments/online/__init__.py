"""The literature's online problem: orders one by one, stock for all of them, and what knowing the future is worth."""
