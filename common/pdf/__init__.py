"""PDF in the look of a Chinese office: fonts, page, long tables. Knows nothing of what is printed."""
