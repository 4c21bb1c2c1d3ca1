"""One SOAP call being answered: who asks, which object, and the parts of the simulated vCenter that operations need."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from pyVmomi import vmodl

from agent.dataclass import dataclass
from agent.simulator.access import Access, not_found
from agent.simulator.faults import Faults
from agent.simulator.objects import Entry, Estate
from agent.simulator.rest import Rest
from agent.simulator.schema import id_of
from agent.simulator.sessions import Session, Sessions


@dataclass(slots=True)
class Server:
    """What all calls share. `boot` tells one start of vCenter from the next: it is part of every collector version."""

    estate: Estate
    sessions: Sessions
    access: Access
    faults: Faults
    boot: str
    rest: Rest = field(default_factory=Rest)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of one session to one object. Operations take it first, then the arguments of the type table in order."""

    server: Server
    session: Session
    this: Entry

    @property
    def estate(self) -> Estate:
        """The objects."""
        return self.server.estate

    @property
    def user(self) -> str:
        """The account that asks."""
        return self.session.name

    @property
    def held(self) -> Any:
        """What this session keeps for the object that is called; ManagedObjectNotFound when nothing."""
        found = self.session.held.get(self.this.moid)
        if found is None:
            raise not_found(self.this.ref)
        return found

    def find(self, ref: Any) -> Entry:
        """The object a reference names, among the session's own and all others; ManagedObjectNotFound when gone."""
        entry = lookup(self.session, self.estate.entries, id_of(ref))
        if entry is None:
            raise not_found(ref)
        return entry

    def invalid(self, parameter: str) -> vmodl.fault.InvalidArgument:
        """The fault for an argument that makes no sense."""
        return vmodl.fault.InvalidArgument(
            msg=f"A specified parameter was not correct: {parameter}", invalidProperty=parameter
        )


def lookup(session: Session, entries: Mapping[str, Entry], moid: str) -> Entry | None:
    """The object with an id, if the session may know of it."""
    return session.entries.get(moid) or entries.get(moid)
