"""What is to come: demand, what stock is worth for it, and when it runs out."""
