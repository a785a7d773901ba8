"""Benchmarks: each checks the answer before it times it."""
