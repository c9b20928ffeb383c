"""Reading the tables people bring and writing the ones they take away."""
