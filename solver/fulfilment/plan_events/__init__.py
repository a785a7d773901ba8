"""What becomes of plans, told to whoever listens: an outbox that is written with the change itself."""
