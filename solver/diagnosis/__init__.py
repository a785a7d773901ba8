"""Where a run leaks money, what to change, and what that change is worth when the run is made again with it."""
