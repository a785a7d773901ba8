"""Early warnings, each with the numbers that it follows from."""
