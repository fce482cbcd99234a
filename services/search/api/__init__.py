"""The HTTP API over the index, the saved searches and the alerts."""
