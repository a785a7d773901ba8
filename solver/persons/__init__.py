"""Recipients' personal data: kept apart from orders, under a key for each person, and gone with the key."""
