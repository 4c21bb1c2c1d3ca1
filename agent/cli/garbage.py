"""Python's search for unreachable cycles of objects, kept from looking through a whole inventory again and again."""

import gc

OBJECTS_BEFORE_A_SEARCH = 50_000
"""Python's default is 700: reading 1000 VMs makes a million objects, none of them in a cycle, and every third second of
CPU went into looking at them."""
OBJECTS_OF_A_START = 200_000
"""Importing makes half as many, which all stay: two searches among them took a twentieth of the CPU of a start."""


def search_rarely(objects: int = OBJECTS_BEFORE_A_SEARCH) -> None:
    """Search for cycles only once so many `objects` were made, and never among what is there already.

    Called first of all, it saves an eighth of the CPU of a start; called again once all is imported, no search ever
    looks at what that made.
    """
    gc.freeze()
    gc.set_threshold(objects)
