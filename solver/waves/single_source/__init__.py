"""Waves whose orders each ship as a whole from one source: capacities are knapsacks, opening a source costs."""
