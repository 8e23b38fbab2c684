"""An invented county: the same seed gives the same people, schools and three years of facts."""
