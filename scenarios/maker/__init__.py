"""Makes the bundled demo network: facts in `data`, one rule per file, a seed instead of chance."""
