"""Runs as something to look at: one page of HTML, and tables for other tools."""
