"""A recording on disk: JSON lines in gzip, written as they come and readable up to where the writer was killed."""

import gzip
import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from agent.errors import AgentError
from agent.recording.lines import FORMAT, End, Header, Line, Timed, parsed, written

_FLUSH_BYTES = 1 << 20
_LONGEST_LINE_BYTES = 64 << 20
"""The widest object seen has less than a hundredth of it."""
_ROOM_FOR_THE_END = 4096


class FileFull(Exception):
    """The size that was allowed is reached; nothing of the line is in the file."""


class RecordingWriter:
    """Writes one recording, which only its owner may read. Not for several threads at once."""

    def __init__(self, path: Path, most_bytes: int, monotonic: Callable[[], float]) -> None:
        """Creates the file.

        Args:
            path: Must not exist yet.
            most_bytes: The largest that the file may become.
            monotonic: The clock that lines are timed by, in seconds; it starts with the header.

        Raises:
            AgentError: it exists already or cannot be made.
        """
        self.path = path
        self.lines = 0
        self._most, self._monotonic = most_bytes, monotonic
        self._began = monotonic()
        self._unflushed = 0
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise AgentError(f"{path} exists already", cure="choose another name, or remove it") from None
        except OSError as error:
            raise AgentError(f"cannot write {path}: {error.strerror}", cure="choose another place") from None
        self._raw = os.fdopen(descriptor, "wb")
        self._gzip = gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=self._raw, mtime=0)

    @property
    def size(self) -> int:
        """Bytes on disk so far."""
        return self._raw.tell()

    def write(self, line: Line) -> None:
        """Add a line; the header is the first.

        Raises:
            FileFull: it would become too large.
            AgentError: the disk is full, or fails.
        """
        if isinstance(line, Header):
            self._began = self._monotonic()
        text = written(self._monotonic() - self._began, line)
        room = self._most - (0 if isinstance(line, End) else _ROOM_FOR_THE_END)
        if self.size + self._unflushed + len(text) > room:
            self.flush()  # how much it is once it is compressed
            if self.size + len(text) > room:
                raise FileFull
        try:
            self._gzip.write(text)
            self.lines += 1
            self._unflushed += len(text)
            if self._unflushed >= _FLUSH_BYTES:
                self.flush()
        except OSError as error:
            raise self._failed(error) from None

    def flush(self) -> None:
        """Bring to disk what was written. Raises AgentError where that fails."""
        try:
            self._gzip.flush(zlib.Z_SYNC_FLUSH)
            self._raw.flush()
        except OSError as error:
            raise self._failed(error) from None
        self._unflushed = 0

    def close(self) -> None:
        """Finish the file. Raises AgentError where that fails; what was flushed before can be read."""
        try:
            self._gzip.close()
            self._raw.close()
        except OSError as error:
            raise self._failed(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
            return
        for close in (self._gzip.close, self._raw.close):
            try:
                close()
            except OSError:
                continue  # the first failure is on its way already

    def _failed(self, error: OSError) -> AgentError:
        return AgentError(
            f"cannot write {self.path}: {error.strerror}",
            cure="make room; if everything had been read once by then, it can be replayed up to there",
        )


def read_recording(path: Path) -> Iterator[Timed]:
    """The lines in order, the header first. A file that was cut off ends with its last whole line.

    Raises:
        AgentError: it cannot be read, is no recording, or was written by a newer program.
    """
    try:
        with gzip.open(path, "rb") as file:
            yield from _lines(path, file)
    except (gzip.BadGzipFile, zlib.error) as error:
        raise AgentError(f"{path} is no recording ({error})", cure="it is written by `checkmeter record`") from None
    except OSError as error:
        raise AgentError(f"cannot read {path}: {error.strerror or error}") from None


def _lines(path: Path, file: gzip.GzipFile) -> Iterator[Timed]:
    number = 0
    while True:
        try:
            text = file.readline(_LONGEST_LINE_BYTES)
        except EOFError:  # the writer was killed: what it had flushed came before
            break
        if not text.endswith(b"\n"):
            if len(text) >= _LONGEST_LINE_BYTES:
                raise AgentError(f"{path}, line {number + 1}: longer than any that is written")
            break
        number += 1
        try:
            found = parsed(text)
        except ValueError as error:
            raise AgentError(
                f"{path}, line {number} is no line of a recording ({error})", cure="was the file altered?"
            ) from None
        if number == 1:
            _check_header(path, found)
        if found is not None:
            yield found
    if number == 0:
        raise AgentError(f"{path} holds nothing", cure="record again")


def _check_header(path: Path, found: Timed | None) -> None:
    header = found.line if found is not None else None
    if not isinstance(header, Header):
        raise AgentError(f"{path} is no recording", cure="it is written by `checkmeter record`")
    if header.format > FORMAT:
        raise AgentError(
            f"{path} has format {header.format}, this program reads up to {FORMAT}", cure="update checkmeter"
        )
