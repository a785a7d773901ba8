"""What people in warehouses and their partners ask for: checked against catalog and network, done once."""
