"""Plans changed when the world changes: which are affected, what remains of them, and the least that must change."""
