"""Properties that hold whatever is done, by whomever, in whatever order."""
