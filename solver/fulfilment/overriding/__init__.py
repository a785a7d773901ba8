"""Plans that a person decides: checked, costed, held and booked like any other."""
