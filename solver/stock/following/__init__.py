"""Availability kept in memory, brought up to date from the journal's end."""
