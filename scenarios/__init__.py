"""Scenario folders, and what makes the bundled one."""
