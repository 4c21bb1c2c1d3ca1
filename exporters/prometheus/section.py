"""Families that describe one kind of object, with the labels that identify it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from agent.dataclass import dataclass
from agent.model.health import HealthReport
from agent.model.identity import vm_ids
from agent.model.inventory import Inventory
from agent.model.labelling import Labelling
from agent.model.performance import Performance
from agent.model.placement import Placement, place_vms
from agent.model.property import Source
from exporters.prometheus.family import Family

S_contra = TypeVar("S_contra", contravariant=True)
T = TypeVar("T")


class Subject(NamedTuple, Generic[T]):
    """One object: `key` is unique within its section and vCenter, `labels` are the values that identify it."""

    key: str
    labels: tuple[str, ...]
    record: T


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Generic[S_contra, T]):
    """What is said of one kind of object; `subjects` finds them in what the section is made from.

    `made_from`, where there is one, gives all that `subjects` looks at: while that is equal the subjects are, and nobody
    need make them anew. Of thousands of VMs, which change at each reading, it saves making records of what did not.
    """

    title: str
    labels: tuple[str, ...]
    families: tuple[Family[T], ...]
    subjects: Callable[[S_contra], Iterable[Subject[T]]]
    made_from: Callable[[S_contra], object] | None = None


@dataclass(frozen=True, kw_only=True)
class Sight:
    """The inventory of one vCenter, with what several sections derive from it."""

    vcenter: str
    inventory: Inventory
    performance: Performance | None = None
    health: HealthReport | None = None
    labelling: Labelling = field(default_factory=Labelling)

    def same_as(self, other: "Sight") -> bool:
        """Whether both were made from the very same objects."""
        return (
            self.inventory is other.inventory
            and self.performance is other.performance
            and self.health is other.health
            and self.labelling is other.labelling
        )

    @cached_property
    def vm_ids(self) -> Mapping[str, str]:
        """`vm_id` by moid."""
        return vm_ids(self.inventory.vms)

    @cached_property
    def placements(self) -> Mapping[str, Placement]:
        """Where each VM is, by moid."""
        return place_vms(self.inventory)

    @cached_property
    def _refused(self) -> frozenset[tuple[str, str]]:
        return frozenset((refused.moid, refused.path) for refused in self.inventory.unreadable)

    def refused(self, moid: str, source: Source) -> bool:
        """Whether vCenter refused to tell this property of this object."""
        return (moid, source.collector_path) in self._refused

    def labels(self, moid: str | None, name: str | None) -> tuple[str, ...]:
        """`vcenter`, id and name. An unknown name is an empty label, which Prometheus takes for no label."""
        return (self.vcenter, moid or "", name or "")
