"""Experiments that anybody can repeat, one command each; docs/experiments has a page for each."""
