"""What the inventory collector does with a session: full state, updates, paced reads, and detours around bad values."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from agent.clock import Clock
from agent.collectors.object_store import ObjectStore
from agent.errors import Refused, Undecodable
from agent.model.inventory import Inventory
from agent.model.property import Pace
from agent.model.world import CollectorStatus
from agent.vcenter.changes import Change, Paths, Told, paths_for
from agent.vcenter.definitions import Definitions, read_definitions
from agent.vcenter.host_clocks import HostClocks, read_host_clocks
from agent.vcenter.property_reader import view_spec
from agent.vcenter.session import Session
from agent.vcenter.update_stream import UpdateStream

log = logging.getLogger("checkmeter.inventory")

_MOST_DROPPED = 50
"""Paths a server may not know before we stop guessing that it is only an odd version."""


class InventoryReading:
    """The state of one vCenter across its sessions. Owned by the collector's thread."""

    def __init__(self, name: str, clock: Clock) -> None:
        self._name, self._clock = name, clock
        self._store = ObjectStore()
        self._stream: UpdateStream | None = None
        self._definitions: Definitions | None = None
        self._clocks = HostClocks({}, ())
        self._base: Inventory | None = None
        self._quarantine: defaultdict[type, set[str]] = defaultdict(set)
        self._unknown_paths: set[str] = set()

    def attach(self, session: Session) -> None:
        """Take the full state of a new session; what is not in it has gone."""
        self.detach()
        self._store.forget_told()
        seen = self._start_stream(session, 0)
        self._store.keep_only(seen)
        self._base = Inventory(
            about=session.about,
            root_folder=session.root._GetMoId(),  # noqa: SLF001 - pyVmomi's accessor of the moid
            confirmed_at=self._clock.now(),
        )

    def detach(self) -> None:
        """The session is going; its filter goes with it."""
        self._stream = None

    def wait(self, session: Session, seconds: int) -> None:
        """Take pushed changes, waiting for them at most `seconds`."""
        if self._stream is None:
            self._start_stream(session, 0)
            return
        try:
            for change in self._stream.wait(seconds):
                self._store.apply(change)
        except Undecodable as error:
            self._find_culprits(session, error)
            self._store.keep_only(self._start_stream(session, 0))

    def read_quick(self, session: Session) -> None:
        """Read what is never notified and cheap, and what had to be taken out of the stream."""
        self._read(session, self._paths(session, Pace.QUICK))
        if any(self._quarantine.values()):
            self._around(session, {record: tuple(paths) for record, paths in self._quarantine.items()})

    def read_slow(self, session: Session, taken: Callable[[], None] = lambda: None) -> None:
        """Read what is never notified and heavy; `taken` is called for every object that came."""
        self._definitions = read_definitions(session)
        self._read(session, self._paths(session, Pace.SLOW), taken, self._store.told)
        hosts = self._store.objects()["hosts"].values()
        self._clocks = read_host_clocks(session, hosts, self._clocks, self._clock, taken)

    def inventory(self, quick: CollectorStatus, slow: CollectorStatus, now: datetime) -> Inventory | None:
        """Everything known, frozen; None before the first full state. Paces that went stale are unknown again."""
        if self._base is None:
            return None
        for status, pace in ((quick, Pace.QUICK), (slow, Pace.SLOW)):
            if status.last_success is not None and status.stale(now):
                self._store.forget_pace(pace)
        if self._stream is not None:
            self._base = replace(self._base, confirmed_at=now)
        definitions = self._definitions
        return replace(
            self._base,
            quick_read_at=quick.last_success,
            slow_read_at=slow.last_success,
            alarm_definitions=definitions.alarms if definitions else {},
            licences=definitions.licences if definitions else None,
            custom_fields=definitions.custom_fields if definitions else None,
            host_clocks=self._clocks.clocks,
            unreadable=self._store.unreadable
            + self._clocks.unreadable
            + (definitions.unreadable if definitions else ()),
            skipped=self._store.skipped + (definitions.skipped if definitions else ()),
            **self._store.objects(),
        )

    def _paths(self, session: Session, pace: Pace) -> Paths:
        return {
            record: tuple(
                path
                for path in paths
                if path not in self._unknown_paths and not (pace is Pace.PUSHED and path in self._quarantine[record])
            )
            for record, paths in paths_for(session.stub.version, pace).items()
        }

    def _start_stream(self, session: Session, seconds: int) -> set[tuple[type, str]]:
        """A new filter and its full state; returns what it holds."""
        while True:
            paths = self._paths(session, Pace.PUSHED)
            seen: set[tuple[type, str]] = set()
            try:
                stream = UpdateStream(
                    session.stub,
                    session.content.propertyCollector,
                    view_spec(session.view, session.root, paths),
                    paths,
                )
                for change in stream.wait(seconds):
                    self._store.apply(change)
                    seen.add((change.record, change.moid))
            except Undecodable as error:
                stream.close()
                self._find_culprits(session, error)
            except Refused as error:
                self._drop_unknown_path(error)
            else:
                self._stream = stream
                return seen

    def _read(
        self,
        session: Session,
        paths: Paths,
        taken: Callable[[], None] = lambda: None,
        told: Told | None = None,
    ) -> None:
        while True:
            try:
                self._apply(session.reader.read(view_spec(session.view, session.root, paths), paths, told), taken)
            except Undecodable:
                self._around(session, paths)
            except Refused as error:
                self._drop_unknown_path(error)
                paths = {
                    record: tuple(path for path in wanted if path not in self._unknown_paths)
                    for record, wanted in paths.items()
                }
                continue
            return

    def _around(self, session: Session, paths: Paths) -> None:
        self._store.forget_told()
        self._apply(session.reader.read_around([*session.reader.objects_in(session.view), session.root], paths))

    def _apply(self, changes: Iterable[Change], taken: Callable[[], None] = lambda: None) -> None:
        for change in changes:
            self._store.apply(change)
            taken()

    def _find_culprits(self, session: Session, error: Undecodable) -> None:
        """Find the properties that break the stream's answers and take them out of the stream.

        They are read in the quick bulk read from then on, around the object that has the bad value.

        Raises:
            Undecodable: nothing was found that could be left out.
        """
        found = 0
        everything = [*session.reader.objects_in(session.view), session.root]
        for change in session.reader.read_around(everything, self._paths(session, Pace.PUSHED)):
            change.entered = True
            self._store.apply(change)
            if not change.values:  # read_around gave up on these paths
                for path in change.skipped:
                    found += path not in self._quarantine[change.record]
                    self._quarantine[change.record].add(path)
                    log.warning(
                        "an undecodable value is read around",
                        extra={"vcenter": self._name, "object": change.moid, "property": path},
                    )
        if not found:
            raise error

    def _drop_unknown_path(self, error: Refused) -> None:
        """A server that does not know a path refuses the whole call: leave that path out.

        Raises:
            Refused: it was refused for another reason.
        """
        if (
            error.fault != "InvalidProperty"
            or not error.detail
            or error.detail in self._unknown_paths
            or len(self._unknown_paths) >= _MOST_DROPPED
        ):
            raise error
        log.warning("vCenter does not know a property", extra={"vcenter": self._name, "property": error.detail})
        self._unknown_paths.add(error.detail)
