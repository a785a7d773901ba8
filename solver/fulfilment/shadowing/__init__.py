"""Orders planned beside a caller's own system: nothing is held, and what the caller did instead is kept with them."""
