"""Requests that wait on the disk until a receiver has taken them: a folder of files, oldest first, none ever half."""

import os
import re
from pathlib import Path
from typing import NamedTuple

_NAME = re.compile(r"(\d{12})-(\d+)\.snappy", re.ASCII)
"""A number that grows, and how many samples are in it."""


class Waiting(NamedTuple):
    """One request in the folder."""

    file: Path
    samples: int
    size: int


class Spool:
    """Not for several threads at once. Each method raises OSError where the disk does."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        """`folder` is made at the first `put`; together the files are never larger than `most_bytes`."""
        self._folder, self._most_bytes = folder, most_bytes
        self._waiting = _found(folder)
        self._bytes = sum(one.size for one in self._waiting)
        self._next = 1 + max((int(one.file.name[:12]) for one in self._waiting), default=0)

    @property
    def waiting_bytes(self) -> int:
        """What was not taken yet."""
        return self._bytes

    def put(self, request: bytes, samples: int) -> int:
        """Keep a request of so many samples. Returns how many older samples had to make room for it."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._folder / f"{self._next:012d}-{samples}.snappy"
        unfinished = file.with_suffix(".part")
        try:
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(request)
                stream.flush()
                os.fsync(stream.fileno())
            unfinished.replace(file)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
        self._next += 1
        self._waiting.append(Waiting(file, samples, len(request)))
        self._bytes += len(request)
        dropped = 0
        while self._bytes > self._most_bytes and len(self._waiting) > 1:
            dropped += self._waiting[0].samples
            self.done()
        return dropped

    def oldest(self) -> Waiting | None:
        """What is to be sent next."""
        return self._waiting[0] if self._waiting else None

    def done(self) -> None:
        """The oldest needs to be kept no longer."""
        gone = self._waiting[0]
        gone.file.unlink(missing_ok=True)
        del self._waiting[0]
        self._bytes -= gone.size


def _found(folder: Path) -> list[Waiting]:
    """What an agent before has left; the rest of a file that it did not finish is removed."""
    found = []
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        match = _NAME.fullmatch(file.name)
        if match is not None:
            found.append(Waiting(file, int(match[2]), file.stat().st_size))
        elif file.suffix == ".part":
            file.unlink(missing_ok=True)
    return found
