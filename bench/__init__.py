"""Speed, measured and never asserted: each figure as a ratio to a baseline in the same run."""
