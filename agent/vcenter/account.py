"""What a logged-in account is shown: every property of every object read once, every kind of call made once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import timedelta
from functools import partial
from typing import Any

from pyVmomi import vim

from agent.dataclass import dataclass
from agent.errors import NotPermitted, Refused, SessionLost, Undecodable, VCenterError
from agent.model.account import Account, Attempt, Refusal, merged
from agent.model.counter_uses import DEFAULT_COUNTERS, WIRE_TYPES
from agent.model.property import Pace
from agent.vcenter.changes import Change, Paths, paths_for
from agent.vcenter.definitions import read_definitions
from agent.vcenter.events import EventReader
from agent.vcenter.performance import PerformanceReader
from agent.vcenter.privileges import UNSTATED, privilege_of
from agent.vcenter.property_reader import view_spec
from agent.vcenter.session import Session
from agent.vcenter.tags import read_tags
from agent.vcenter.transport import Transport

EVENTS = "EventManager.CreateCollectorForEvents"
RETENTION = "OptionManager event.maxAge"
CLOCK = "HostDateTimeSystem.QueryDateTime"
TAGS = "REST cis/tagging"
_POINTERS: Mapping[str, Mapping[str, str]] = {
    "VirtualMachine": {"host": "HostSystem", "datastores": "Datastore", "resource_pool": "ResourcePool"},
    "HostSystem": {"datastores": "Datastore", "vms": "VirtualMachine", "parent": "ClusterComputeResource"},
    "ClusterComputeResource": {"hosts": "HostSystem", "datastores": "Datastore"},
    "Datastore": {"vms": "VirtualMachine"},
}
"""Fields of the model that point to other objects, by kind."""
_MOST_DROPPED = 50
_A_WHILE = timedelta(minutes=5)


@dataclass(slots=True)
class _Seen:
    """What the bulk read found, as it comes in."""

    names: dict[str, str] = field(default_factory=dict)
    kinds: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    readable: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    refused: defaultdict[str, dict[str, dict[str, None]]] = field(default_factory=lambda: defaultdict(dict))
    pointed_to: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unknown: set[str] = field(default_factory=set)
    clocks: dict[str, str] = field(default_factory=dict)
    """of connected hosts: the HostDateTimeSystem by the host's moid"""

    def take(self, change: Change) -> None:
        kind = change.record.__name__
        self.kinds[kind].add(change.moid)
        self.names.setdefault(change.moid, change.values.get("name") or change.moid)
        if change.values.get("date_time_system") and change.values.get("connection_state") == "connected":
            self.clocks[change.moid] = change.values["date_time_system"]
        for path in change.paths - change.unreadable.keys():
            self.readable[f"{kind}.{path}"] += 1
        for path, one in change.unreadable.items():
            privilege = one.privilege or privilege_of(f"{kind}.{path}") or UNSTATED
            self.refused[f"{kind}.{path}"].setdefault(privilege, {})[change.moid] = None
        for pointer, target in _POINTERS.get(kind, {}).items():
            value = change.values.get(pointer)
            self.pointed_to[target].update((value,) if isinstance(value, str) else value or ())

    def hidden(self) -> Mapping[str, tuple[str, ...]]:
        """What visible objects point to and what is not visible itself, by kind."""
        # a host hangs on a cluster, or on a compute resource of its own
        shown = {
            **self.kinds,
            "ClusterComputeResource": self.kinds["ClusterComputeResource"] | self.kinds["ComputeResource"],
        }
        missing = {kind: moids - shown[kind] for kind, moids in self.pointed_to.items()}
        return {kind: tuple(sorted(moids)) for kind, moids in missing.items() if moids}

    def attempts(self) -> Iterator[tuple[str, Attempt]]:
        for source in sorted({*self.readable, *self.refused, *self.unknown}):
            refusals = (
                Refusal(privilege=privilege, objects=tuple(self.names[moid] for moid in moids))
                for privilege, moids in self.refused.get(source, {}).items()
            )
            yield (
                source,
                Attempt(
                    readable=self.readable.get(source, 0), refusals=tuple(refusals), unknown=source in self.unknown
                ),
            )


def try_account(session: Session, privileges: Iterable[str]) -> Account:
    """Read everything that the agent reads, once, and note what was refused.

    Args:
        session: Of the account.
        privileges: Those to ask about on the top folder.

    Raises:
        VCenterError: vCenter could not be asked.
    """
    seen = _Seen()
    paths = _all_paths(session)
    for record in paths:
        seen.kinds[record.__name__] = set()
    for change in _read(session, paths, seen):
        seen.take(change)
    attempts = dict(seen.attempts())
    attempts.update(_definitions(session))
    attempts.update(_counters(session, seen))
    attempts[EVENTS] = _attempt(lambda: _read_events(session), EVENTS)
    attempts[RETENTION] = _attempt(lambda: session.content.setting.QueryOptions("event.maxAge"), RETENTION)
    for moid, system in sorted(seen.clocks.items())[:1]:
        ask = vim.host.DateTimeSystem(system, session.stub).QueryDateTime
        attempts[CLOCK] = _attempt(ask, CLOCK, seen.names[moid])
    endpoint = session.stub.transport.endpoint
    return Account(
        vcenter=endpoint.name,
        address=endpoint.address,
        username=endpoint.username,
        product=session.about.full_name or "a server without a name",
        visible={kind: len(moids) for kind, moids in seen.kinds.items()},
        hidden=seen.hidden(),
        held=_held(session, privileges),
        attempts=attempts,
    )


def try_tags(transport: Transport, username: str, password: str, categories: Sequence[str]) -> Attempt:
    """Read the tags of these categories once; they hang on permissions of their own, which vCenter calls global.

    Raises:
        VCenterError: REST could not be asked.
    """
    if not categories:
        return Attempt(off=True)
    try:
        found = read_tags(transport, username, password, categories)
    except (NotPermitted, Refused) as error:
        return _refusal(error, TAGS, "tags (a global permission)")
    finally:
        transport.close()
    hidden = [f"the tag category {name} (if there is one)" for name in found.missing]
    hidden += [f"{found.unreadable} tags"] if found.unreadable else []
    refusals = (Refusal(privilege=UNSTATED, objects=tuple(hidden)),) if hidden else ()
    return Attempt(readable=len(categories) - len(found.missing), refusals=refusals)


def _all_paths(session: Session) -> Paths:
    version = session.stub.version
    paced = [paths_for(version, pace) for pace in Pace]
    return {record: tuple(dict.fromkeys(path for one in paced for path in one[record])) for record in paced[0]}


def _read(session: Session, paths: Paths, seen: _Seen) -> Iterator[Change]:
    """Every object once; a path that this server does not know is left out, a value that breaks a page is read around."""
    for _ in range(_MOST_DROPPED):
        try:
            yield from session.reader.read(view_spec(session.view, session.root, paths), paths)
        except Undecodable:  # what came before is read once more, which changes nothing
            everything = [*session.reader.objects_in(session.view), session.root]
            yield from session.reader.read_around(everything, paths)
        except Refused as error:
            if error.fault != "InvalidProperty" or not any(error.detail in wanted for wanted in paths.values()):
                raise
            seen.unknown.update(
                f"{record.__name__}.{error.detail}" for record in paths if error.detail in paths[record]
            )
            paths = {record: tuple(path for path in wanted if path != error.detail) for record, wanted in paths.items()}
            continue
        return


def _definitions(session: Session) -> Mapping[str, Attempt]:
    sources = ("AlarmManager.GetAlarm", "LicenseManager.licenses", "CustomFieldsManager.field")
    found = {source: Attempt(readable=1) for source in sources}
    definitions = read_definitions(session)
    for one in definitions.unreadable:
        source = f"{one.vsphere_type}.{one.path}"
        privilege = one.privilege or privilege_of(source) or UNSTATED
        refusal = Refusal(privilege=privilege, objects=(one.moid or one.vsphere_type,))
        found[source] = Attempt(refusals=merged((*found.get(source, Attempt()).refusals, refusal)))
    licences = found["LicenseManager.licenses"]
    if licences.refusals and definitions.licences is not None:  # those that are assigned are told to everyone
        found["LicenseManager.licenses"] = replace(licences, readable=1)
    for skipped in definitions.skipped:
        found[f"{skipped.vsphere_type}.{skipped.path}"] = Attempt(unknown=True)
    return found


def _counters(session: Session, seen: _Seen) -> Mapping[str, Attempt]:
    """Whether this vCenter has each counter; and whether it may be asked for, tried on one VM and one host."""
    wanted = {use.name for uses in DEFAULT_COUNTERS.values() for use in uses}
    try:
        known = PerformanceReader(session).definitions()
    except (NotPermitted, Refused) as error:
        refused = _refusal(error, "QueryPerf", "PerformanceManager")
        kinds = ("", *(f"{kind}." for kind in WIRE_TYPES.values()))
        return {f"{kind}QueryPerf {name}": refused for kind in kinds for name in wanted}
    attempts = {
        f"{kind}.QueryPerf {name}": Attempt(unknown=True)
        for kind in WIRE_TYPES.values()
        for name in wanted - known.keys()
    }
    refusals: list[Refusal] = []
    for kind in (vim.VirtualMachine, vim.HostSystem):
        wire = kind.__name__.rpartition(".")[2]
        for moid in sorted(seen.kinds[wire])[:1]:
            query = partial(_query, session, kind(moid, session.stub), known)
            tried = _attempt(query, "QueryPerf", seen.names[moid])
            refusals += tried.refusals
            attempts |= {f"{wire}.QueryPerf {name}": tried for name in wanted & known.keys()}
    attempt = Attempt(readable=int(not refusals), refusals=merged(refusals))
    return {
        **attempts,
        **{f"QueryPerf {name}": attempt if name in known else Attempt(unknown=True) for name in wanted},
    }


def _query(session: Session, entity: Any, known: Mapping[str, Any]) -> None:
    counter = known.get("cpu.usagemhz.average") or next(iter(known.values()), None)
    if counter is None:
        return
    metric = vim.PerformanceManager.MetricId(counterId=counter.id, instance="")
    spec = vim.PerformanceManager.QuerySpec(entity=entity, metricId=[metric], intervalId=20, maxSample=1, format="csv")
    session.content.perfManager.QueryPerf([spec])


def _read_events(session: Session) -> None:
    now = vim.ServiceInstance("ServiceInstance", session.stub).CurrentTime()
    EventReader(session).read(now - _A_WHILE, now)


def _held(session: Session, privileges: Iterable[str]) -> Mapping[str, bool]:
    """Whether the account has each privilege on the top folder; nothing where vCenter does not say."""
    manager = session.content.authorizationManager
    held: dict[str, bool] = {}
    try:
        current = session.reader.value_of(session.content.sessionManager, "currentSession")
        key = None if current is None else current.findtext("{urn:vim25}key")
        if manager is None or key is None:
            return {}
        for privilege in privileges:  # one by one: a privilege that this vCenter does not know fails the whole call
            try:
                answer = manager.HasPrivilegeOnEntity(session.root, key, [privilege])
            except (Refused, NotPermitted, Undecodable):
                continue
            held[privilege] = bool(answer and answer[0])
    except (Refused, NotPermitted, Undecodable):
        return held
    return held


def _attempt(call: Callable[[], Any], source: str, on: str = "") -> Attempt:
    try:
        call()
    except (NotPermitted, Refused, SessionLost) as error:
        if isinstance(error, SessionLost) and error.fault != "ManagedObjectNotFound":
            raise
        return _refusal(error, source, on or source.partition(".")[0].partition(" ")[0])
    except (Undecodable, AttributeError):  # a standalone host has fewer managers
        return Attempt(unknown=True)
    return Attempt(readable=1)


def _refusal(error: VCenterError, source: str, on: str) -> Attempt:
    if isinstance(error, NotPermitted):
        privilege = error.privilege if error.privilege != "unknown" else privilege_of(source) or UNSTATED
        return Attempt(refusals=(Refusal(privilege=privilege, objects=(on,)),))
    return Attempt(unknown=True)
