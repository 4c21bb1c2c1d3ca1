"""The monthly evidence report: a page to read or print, files to compute with, and sums that prove them."""
