"""What a replay knows: samples that were recorded, and what stands within recorded values.

Types have defaults for what they require, and a default is nothing that was told.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol
from xml.etree.ElementTree import Element

from agent.recording.elements import element_of, local


class RecordedSamples(Protocol):
    """Performance samples that were recorded."""

    def answer(self, ref: Any, spec: Any, now: int) -> str:
        """The `returnval` element that answers a PerfQuerySpec at a moment in epoch seconds; empty for no samples."""

    def series(self, moid: str, interval: int | None) -> list[tuple[int, str]]:
        """The counter ids and instances that there are of an object."""


def is_part(verbatim: Mapping[str, str], path: str) -> bool:
    """Whether a value at `path` stands within the recorded value of something above it."""
    whole, _, rest = path.rpartition(".")
    names = [rest]
    while whole:
        if whole in verbatim:
            return _holds(verbatim[whole], tuple(reversed(names)))
        whole, _, rest = whole.rpartition(".")
        names.append(rest)
    return False


def _holds(xml: str, names: tuple[str, ...]) -> bool:
    found: Element | None = _element(xml)
    for name in names:
        found = None if found is None else next((one for one in found if local(one.tag) == name), None)
    return found is not None


@lru_cache(maxsize=64)
def _element(xml: str) -> Element | None:
    """An object's parts are asked for one after the other."""
    try:
        return element_of(xml)
    except ValueError:
        return None
