"""Xunyuan (寻源): order sourcing by mixed-integer programming, stock that is never oversold, books that balance."""
