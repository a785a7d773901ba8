"""The life of a hold: placed, changed, confirmed, and what is then committed."""
