"""Bringing in questions from the files people have: read, look, commit, undo."""
