"""What stock left behind is worth, kept current beside the service's calls."""
