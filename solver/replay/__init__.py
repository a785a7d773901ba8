"""A scenario's orders decided and held one after the other, as the service would have: what a policy comes to."""
