"""A wave in parts, decided wherever an executor has them decided."""
