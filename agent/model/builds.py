"""Which build of ESXi or vCenter is which release, from when, and until when its line is supported: facts in a table."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Literal

from agent.dataclass import dataclass

Product = Literal["esxi", "vcenter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release: `name` as its release notes call it, and the day it came out."""

    name: str
    released: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildTable:
    """What is known up to the day `dated`. A build that is not in it is unknown, not new and not old."""

    dated: date | None = None
    releases: Mapping[tuple[str, str], Release] = field(default_factory=dict)
    """by product and build number"""
    support_ends: Mapping[tuple[str, str], date] = field(default_factory=dict)
    """the end of general support by product and line, such as 8.0"""

    def release(self, product: Product, build: str) -> Release | None:
        """The release that a build is."""
        return self.releases.get((product, build))

    def support_end(self, product: Product, version: str) -> date | None:
        """When general support of a version's line ends: of 8.0.3 that of 8.0."""
        return self.support_ends.get((product, ".".join(version.split(".")[:2])))
