"""Figures of training for the office. They are added up in the database: no question grows with the people."""
