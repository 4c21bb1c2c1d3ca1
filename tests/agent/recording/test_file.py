"""The file of a recording: whole at any moment, bounded, and read with care."""

import gzip
import os
from pathlib import Path

import pytest

from agent.errors import AgentError
from agent.recording.file import FileFull, RecordingWriter, read_recording
from agent.recording.lines import (
    End,
    Gone,
    Happened,
    Header,
    HostClock,
    Licences,
    Line,
    Note,
    Options,
    Properties,
    Samples,
    Tags,
    Whole,
    parsed,
    written,
)
from tests.simulator.simulated_time import SimulatedTime

HEADER = Header(
    program="0.1.0", started_s=1.5, clock_ahead_s=-0.25, kind="vcenter", api="8.0.3.0", anonymised=False, about=""
)
LINES: list[Line] = [
    HEADER,
    Properties(type="VirtualMachine", moid="vm-1", values={"name": "<val>æ &amp; \n</val>"}, unset=("a.b",)),
    Properties(type="VirtualMachine", moid="vm-2", missing={"config": "System.Read"}),
    Gone(type="VirtualMachine", moid="vm-1"),
    Happened(event="<returnval/>"),
    Samples(type="HostSystem", moid="host-1", interval_s=20, times=(20, 40), series=((6, "", "1,-1"),)),
    HostClock(moid="host-1", ahead_s=-3.5),
    Options(options={"event.maxAge": 30, "event.maxAgeEnabled": True}),
    Licences(assignments=("<returnval/>",)),
    Licences(),
    Tags(tags={"vm-1": (("Owner", "Schools"),)}),
    Whole(objects=3),
    Note(text="vCenter could not be read"),
    End(reason="time"),
]


def written_to(path: Path, *lines: Line, most: int = 1 << 30) -> None:
    with RecordingWriter(path, most, SimulatedTime().monotonic) as writer:
        for line in lines:
            writer.write(line)


def test_every_kind_of_line_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    written_to(tmp_path / "a.cmrec", *LINES)
    assert [one.line for one in read_recording(tmp_path / "a.cmrec")] == LINES


def test_each_line_bears_the_seconds_since_the_header(tmp_path: Path) -> None:
    clock = SimulatedTime()
    clock.advance(100)
    with RecordingWriter(tmp_path / "a.cmrec", 1 << 20, clock.monotonic) as writer:
        clock.advance(5)
        writer.write(HEADER)
        clock.advance(2.5)
        writer.write(LINES[1])
    assert [one.at_s for one in read_recording(tmp_path / "a.cmrec")] == [0.0, 2.5]


def test_kinds_of_lines_and_fields_that_are_newer_than_the_program_are_passed_over() -> None:
    assert parsed(b'{"at":1,"hologram":{"depth":3}}') is None
    found = parsed(b'{"at":1,"whole":{"objects":3,"colour":"red"}}')
    assert found is not None
    assert found.line == Whole(objects=3)


@pytest.mark.parametrize("text", [b"[]", b"{}", b'{"at":"1","end":{}}', b'{"at":1,"end":{}}', b"\xff", b"null"])
def test_text_that_is_no_line_is_a_value_error(text: bytes) -> None:
    with pytest.raises(ValueError):
        parsed(text)


def fill(writer: RecordingWriter) -> None:
    writer.write(HEADER)
    for number in range(1_000_000):
        digits = "".join(str(hash((number, place)) % 10**12) for place in range(20))
        writer.write(Properties(type="VirtualMachine", moid=f"vm-{number}", values={"name": digits}))


def test_a_file_never_becomes_larger_than_it_may_and_keeps_its_end(tmp_path: Path) -> None:
    path, most = tmp_path / "a.cmrec", 64 << 10
    with RecordingWriter(path, most, SimulatedTime().monotonic) as writer:
        with pytest.raises(FileFull):
            fill(writer)
        writer.write(End(reason="size"))
    assert most * 0.8 < path.stat().st_size <= most
    lines = [one.line for one in read_recording(path)]
    assert lines[-1] == End(reason="size")
    assert len(lines) > 10


def write_until_the_disk_is_full(path: Path) -> None:
    with RecordingWriter(path, 1 << 30, SimulatedTime().monotonic) as writer:
        writer.write(HEADER)
        writer.flush()
        with Path("/dev/full").open("wb") as full:
            os.dup2(full.fileno(), writer._raw.fileno())
        writer.write(LINES[1])
        writer.flush()


def test_a_full_disk_is_said_in_one_line_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AgentError) as raised:
        write_until_the_disk_is_full(tmp_path / "a.cmrec")
    assert raised.value.problem == f"cannot write {tmp_path / 'a.cmrec'}: No space left on device"
    assert "it can be replayed up to there" in raised.value.cure
    assert [one.line for one in read_recording(tmp_path / "a.cmrec")] == [HEADER]


def read_as_far_as_it_goes(path: Path) -> list[Line]:
    try:
        return [one.line for one in read_recording(path)]
    except AgentError as error:
        if "holds nothing" not in error.problem:
            raise
        return []  # not even the header had come


def test_what_was_flushed_is_there_though_the_writer_was_killed(tmp_path: Path) -> None:
    written_to(tmp_path / "whole.cmrec", *LINES)
    whole = (tmp_path / "whole.cmrec").read_bytes()
    for length in range(30, len(whole), 37):
        (tmp_path / "cut.cmrec").write_bytes(whole[:length])
        found = read_as_far_as_it_goes(tmp_path / "cut.cmrec")
        assert found == LINES[: len(found)]


def test_a_line_that_was_altered_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.cmrec"
    path.write_bytes(gzip.compress(written(0, HEADER) + b'{"at":1,"whole":\n'))
    with pytest.raises(AgentError, match=r"a\.cmrec, line 2 is no line of a recording"):
        list(read_recording(path))


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(AgentError, match=r"cannot read .*: No such file or directory"):
        list(read_recording(tmp_path / "none"))


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(AgentError, match=r"cannot write .*: No such file or directory"):
        RecordingWriter(tmp_path / "none" / "a.cmrec", 1, SimulatedTime().monotonic)
