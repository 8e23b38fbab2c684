"""What each person must do next, and the notices that tell them so."""
