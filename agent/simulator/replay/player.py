"""A recording as a simulated vCenter: its estate as it was when everything had been read once, and what came after."""

import contextlib
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from agent.clock import Clock
from agent.errors import AgentError
from agent.recording.file import read_recording
from agent.recording.lines import (
    Gone,
    Happened,
    Header,
    HostClock,
    Licences,
    Line,
    Options,
    Properties,
    Samples,
    Tags,
    Whole,
)
from agent.simulator.access import Access
from agent.simulator.objects import Estate
from agent.simulator.replay.answered_estate import MANAGERS, add, assigned, fill, let_tell_time
from agent.simulator.replay.samples import ReplayedSamples
from agent.simulator.replay.values import event_of, moved, type_named, value_at
from agent.simulator.schema import ManagedObject
from agent.simulator.service import Kind
from agent.simulator.tagging import Tagging

_SENSELESS = (ValueError, KeyError, AttributeError, TypeError, IndexError, OverflowError, RecursionError)
_SHOWN = 120


class Player:
    """Reads a recording and lets its estate be as it was. Owned by one thread at a time: first the maker's, then `run`'s."""

    def __init__(self, path: Path, clock: Clock, *, speed: float = 1.0) -> None:
        """Reads up to where everything was read once.

        Args:
            path: The recording.
            clock: The machine's.
            speed: How many times faster than it was; the replay's own clock goes as much faster.

        Raises:
            AgentError: it is no recording that can be replayed.
        """
        self._path, self._clock, self._speed = path, clock, speed
        self._lines = read_recording(path)
        header = next(self._lines).line
        assert isinstance(header, Header)  # noqa: S101 - the reader looked
        self.header = header
        self.ended = threading.Event()
        """set when the last line was played"""
        before, self._begins_s = self._until_whole()
        self._began = clock.monotonic()
        with self._understood():
            exactly = timedelta(seconds=clock.now().timestamp() - header.started_s - self._begins_s)
            self.shift = timedelta(seconds=round(exactly.total_seconds()))
            """how far times were moved: by whole seconds, as many times are whole ones"""
            ahead = timedelta(seconds=header.clock_ahead_s) + self.shift - exactly
        began = clock.now()
        self.estate = Estate(0, lambda: began + (clock.now() - began) * speed + ahead)
        self._samples = ReplayedSamples(self.shift.total_seconds())
        self.estate.recorded_samples = self._samples
        self._withheld: dict[str, dict[str, str]] = {}
        with self._understood():
            self._make(before)

    @property
    def kind(self) -> Kind:
        """What was recorded."""
        return "esxi" if self.header.kind == "esxi" else "vcenter"

    def attach(self, access: Access) -> None:
        """Let the account lack what the recording account lacked."""
        access.withheld = self._withheld

    def run(self, stop: threading.Event) -> None:
        """Play the rest, each line at its distance to the start; afterwards everything stays as it is.

        Raises:
            AgentError: the file is damaged further on.
        """
        for at_s, line in self._lines:
            due = (at_s - self._begins_s) / self._speed - (self._clock.monotonic() - self._began)
            if (due > 0 and self._clock.wait(due, stop)) or stop.is_set():
                return
            with self.estate.lock, self._understood():
                self._apply(line)
        self.ended.set()

    @contextlib.contextmanager
    def _understood(self) -> Iterator[None]:
        """A recording is a file that somebody sent: what makes no sense in it is said, and is no bug of ours."""
        try:
            yield
        except _SENSELESS as error:
            raise AgentError(
                f"{self._path} holds what no vCenter answers ({type(error).__name__}: {str(error)[:_SHOWN]})",
                cure="was the file altered?",
            ) from None

    def _until_whole(self) -> tuple[list[Line], float]:
        """What came before everything was read once, and when that was."""
        before: list[Line] = []
        at_s = 0.0
        for at_s, line in self._lines:
            if isinstance(line, Whole):
                return before, at_s
            before.append(line)
        if not before:
            raise AgentError(f"{self._path} ends before anything was read", cure="record again")
        return before, at_s

    def _make(self, before: list[Line]) -> None:
        """The estate as it was when everything had been read once."""
        values: dict[tuple[str, str], dict[str, str]] = {}
        later: list[Line] = []
        for line in before:
            if isinstance(line, Properties):
                held = values.setdefault((line.type, line.moid), {})
                held.update(line.values)
                for path in line.unset:
                    held.pop(path, None)
                self._withhold(line)
            elif isinstance(line, Gone):
                values.pop((line.type, line.moid), None)
            else:
                later.append(line)
        source, about = str(self._path), self.header.about
        fill(self.estate, values, kind=self.kind, about=about, shift=self.shift, source=source)
        for line in later:
            self._apply(line)

    def _apply(self, line: Line) -> None:
        match line:
            case Properties():
                self._withhold(line)
                if line.moid in self.estate:
                    self._change(line.moid, line.values, line.unset)
                elif (type_ := type_named(line.type)) in MANAGERS:
                    for moid in self.estate.ids(type_):
                        self._change(moid, line.values, line.unset)
                elif type_ is not None:
                    add(self.estate, type_, line.moid, line.values, self.shift)
            case Gone():
                if line.moid in self.estate:
                    self.estate.remove(line.moid)
                    self._samples.forget(line.moid)
            case Happened():
                self._happened(line)
            case Samples():
                self._samples.add(line)
            case HostClock():
                let_tell_time(self.estate, line.moid, line.ahead_s - self.header.clock_ahead_s)
            case Options():
                self.estate.options.update(line.options)
            case Licences():
                self.estate.licence_assignments = assigned(line.assignments, self.shift)
            case Tags():
                self.estate.tagging = tagging_of(line, self.estate)
            case _:
                pass  # what is said to people

    def _change(self, moid: str, values: Any, unset: Any) -> None:
        entry = self.estate.entry(moid)
        for path in unset:
            entry.verbatim.pop(path, None)
            try:
                self.estate.set(moid, path, None)
            except (AttributeError, TypeError):  # pyVmomi cannot hold a part without what its type requires
                self._forget(moid, path)
        for path in sorted(values, key=lambda one: str(one).count(".")):
            entry.verbatim[path] = moved(values[path], self.shift)
            try:
                self.estate.set(moid, path, value_at(entry.type, path, entry.verbatim[path]))
            except (ValueError, AttributeError, TypeError):  # newer than pyVmomi's tables: the words are there
                self.estate.touch(moid, path)

    def _forget(self, moid: str, path: str) -> None:
        """Take away the whole that a part belongs to: what else was recorded of it is served by its words."""
        entry = self.estate.entry(moid)
        entry.props.pop(path.partition(".")[0], None)
        self.estate.touch(moid, path)

    def _withhold(self, line: Properties) -> None:
        held = self._withheld.setdefault(line.moid, {})
        for path in (*line.values, *line.unset):
            held.pop(path, None)
        held.update(line.missing)
        if not held:
            del self._withheld[line.moid]

    def _happened(self, line: Happened) -> None:
        xml = moved(line.event, self.shift)
        try:
            event = event_of(xml)
        except (ValueError, KeyError, AttributeError, TypeError):
            return
        self.estate.recorded_events[event.key] = xml
        self.estate.event(event)


def tagging_of(line: Tags, estate: Estate) -> Tagging:
    """Categories and tags as vCenter's REST tells them."""
    made = Tagging()
    categories: dict[str, str] = {}
    tags: dict[tuple[str, str], str] = {}
    for moid, pairs in line.tags.items():
        for category, name in pairs:
            if category not in categories:
                categories[category] = made.category(category)
            if (category, name) not in tags:
                tags[category, name] = made.tag(categories[category], name)
            kind = estate.type_of(moid) if moid in estate else ManagedObject
            made.attach(tags[category, name], kind.__name__.rpartition(".")[2], moid)
    return made
