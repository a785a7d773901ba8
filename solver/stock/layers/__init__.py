"""The layers above the sites: dispatch, channels, and what shops show."""
