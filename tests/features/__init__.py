"""The features in `features/`: the same text through the application and through HTTP, on both databases."""
