"""Whether a change made something slower: benchmarks by phase, baselines, a verdict that takes noise into account."""
