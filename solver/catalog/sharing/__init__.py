"""Money of what is sold together, shared out (分摊) to its parts and given back part by part."""
