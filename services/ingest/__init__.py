"""Watch feeds, pages, files and pushes, and publish each article once it is known to be new."""
