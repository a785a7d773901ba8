"""Promises before purchase."""
