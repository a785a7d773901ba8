"""Plan events sent to callers' own addresses, signed."""
