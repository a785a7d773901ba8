"""Combinations (组合): what is sold together or given on conditions, and its explosion (拆解) to materials."""
