"""Orders of one recipient shipped as one (合单), where that is cheaper."""
