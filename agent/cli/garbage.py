"""Python's search for unreachable cycles of objects, kept from looking through a whole inventory again and again."""

import gc

OBJECTS_BEFORE_A_SEARCH = 50_000
"""Python's default is 700: reading 1000 VMs makes a million objects, none of them in a cycle, and every third second of
CPU went into looking at them."""


def search_rarely() -> None:
    """Search for cycles rarely, and never among what is there already.

    Called first of all, it saves an eighth of the CPU of a start, which makes 100,000 objects that stay; called again
    once all is imported, no search ever looks at those.
    """
    gc.freeze()
    gc.set_threshold(OBJECTS_BEFORE_A_SEARCH)
