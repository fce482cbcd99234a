"""Bring Dateline up: on one machine from jars, with containers, or in a cluster."""
