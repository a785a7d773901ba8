"""What a running service's database holds, as scenarios: read beside the service, nothing is written there."""
