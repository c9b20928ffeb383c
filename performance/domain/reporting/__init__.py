"""What of a quarter leaves the house: the same rows as a workbook, as CSV, as official paper."""
