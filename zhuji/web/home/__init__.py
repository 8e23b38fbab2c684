"""Home: what one must do, what is red, what is new."""
