"""Lines of the log as they were once written, and the names that stand in them."""
