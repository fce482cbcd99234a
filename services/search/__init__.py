"""Make articles searchable, and tell readers of what they asked for."""
