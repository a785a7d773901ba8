"""From the Problems of a wave to the arrays that engines answer, and from their answer back to plans."""
