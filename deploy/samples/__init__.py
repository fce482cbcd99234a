"""Invented news from invented outlets, and the small site that publishes it: what `make run` reads."""
