"""Orders of combinations and of channels' codes: exploded to lines of materials before anything is decided."""
