"""What can be promised for a basket, from a snapshot: options as masks on its lanes, dates as arrays."""
