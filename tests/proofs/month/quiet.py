"""Whether nobody works: every thread of some processes sleeps, and none has run between two looks. Linux only."""

import re
import threading
import time
from collections.abc import Collection
from pathlib import Path

_STATUS = re.compile(
    rb"^State:\s+(\S).*?^voluntary_ctxt_switches:\s+(\d+)\nnonvoluntary_ctxt_switches:\s+(\d+)",
    re.MULTILINE | re.DOTALL,
)
_PAUSE_S = 0.002
PATIENCE_S = 120.0


class NeverQuiet(AssertionError):
    """Somebody works and works."""


def _look(pids: Collection[int], myself: int) -> dict[int, tuple[int, int]] | None:
    """How often each thread has run; None if one runs, or waits for a disk, just now."""
    found = {}
    for pid in pids:
        try:
            threads = [one.name for one in Path(f"/proc/{pid}/task").iterdir()]
        except FileNotFoundError:
            continue
        for thread in threads:
            if int(thread) == myself:
                continue
            try:
                status = Path(f"/proc/{pid}/task/{thread}/status").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            told = _STATUS.search(status)
            if told is None or told[1] not in b"SZXI":
                return None
            found[int(thread)] = (int(told[2]), int(told[3]))
    return found


def until_quiet(pids: Collection[int]) -> None:
    """Two looks in a row that show the same: at a moment between them all slept, and nobody was about to be woken."""
    myself, end = threading.get_native_id(), time.monotonic() + PATIENCE_S
    before = None
    while True:
        seen = _look(pids, myself)
        if seen is not None and seen == before:
            return
        before = seen
        if seen is None:
            time.sleep(_PAUSE_S)
        if time.monotonic() > end:
            raise NeverQuiet(f"no quiet moment in {PATIENCE_S} s")
