"""Measure quality on gold corpora through the same batch commands that users run."""
