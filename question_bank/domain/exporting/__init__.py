"""Writing questions in the formats of other programs, with a list of what each format cannot hold."""
