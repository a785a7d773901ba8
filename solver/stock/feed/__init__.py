"""The platform feed: what every shop shows, told to whoever listens."""
