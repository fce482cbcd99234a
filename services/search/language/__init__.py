"""The query language: from what a reader writes to a tree, and back."""
