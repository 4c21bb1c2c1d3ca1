"""Pushed properties: WaitForUpdatesEx on a property collector of our own."""

import contextlib
from collections.abc import Iterator
from typing import Any

from pyVmomi import vmodl

from agent.errors import VCenterError
from agent.vcenter.changes import Change, Paths
from agent.vcenter.object_text import ObjectText
from agent.vcenter.property_reader import PAGE
from agent.vcenter.soap import Stub

_Collector = vmodl.query.PropertyCollector


class UpdateStream:
    """A filter on vCenter and the version up to which we have seen its updates.

    Filters die with their session; a new session needs a new stream, which begins with the full state.
    """

    def __init__(self, stub: Stub, collector: vmodl.query.PropertyCollector, spec: Any, paths: Paths) -> None:
        """Creates the collector and the filter at vCenter. Raises a VCenterError if that fails."""
        self._stub = stub
        self._paths = paths
        self._version = ""
        self._collector = collector.CreatePropertyCollector()
        self._collector.CreateFilter(spec, partialUpdates=False)

    def wait(self, seconds: int) -> Iterator[Change]:
        """Changes since the last call, as they come; ends at once with what is there, or after `seconds` with nothing.

        The version moves on only after a set was taken whole, so that after a failure the same set comes again.

        Raises:
            Undecodable: the set is not well-formed; asking again would give the same.
            SessionLost: the filter is gone.
            VCenterError: the call failed.
        """
        while True:
            objects = ObjectText(self._paths, updates=True)
            result = self._stub.stream(
                self._collector,
                "WaitForUpdatesEx",
                [self._version, _Collector.WaitOptions(maxWaitSeconds=seconds, maxObjectUpdates=PAGE)],
                "objectSet",
                objects.take,
                text=objects.text,
                extra_s=seconds,
            )
            if result is None:
                return
            yield from objects.found
            self._version = result.findtext("{urn:vim25}version") or ""
            if result.findtext("{urn:vim25}truncated") not in ("true", "1"):
                return
            seconds = 0  # the rest of a truncated set is ready

    def close(self) -> None:
        """Give the collector and its filter back, as far as vCenter can still be reached."""
        with contextlib.suppress(VCenterError):
            self._collector.DestroyPropertyCollector()
