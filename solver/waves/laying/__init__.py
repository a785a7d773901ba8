"""Compiled: what offers could ship in the orders of a wave, and at what cost, as the entries of a WaveCase."""
