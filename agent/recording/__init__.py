"""Recordings of what a vCenter answered: the lines of the file, the file itself, and pseudonyms for what is in it."""
