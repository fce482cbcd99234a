"""Give each article its names, places and stances, its story, and what is new in it."""
