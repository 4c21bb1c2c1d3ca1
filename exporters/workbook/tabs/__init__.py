"""One tab a file: which rows it has, its columns in RVTools' order, and which of RVTools' columns cannot be had and why."""
