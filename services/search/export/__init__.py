"""Articles written out for other programs: each format is pure, from the index's documents to its text."""
