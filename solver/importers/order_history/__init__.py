"""An analyst's own order history as a scenario: a mapping says which column is what."""
