"""Contracts as documents, and the sharing of what a buyer paid among all who have a part in it (分润)."""
