"""The search API: ask for articles and stories, save searches, and be told."""
