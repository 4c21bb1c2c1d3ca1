"""Shows that the unit does what it promises: `.venv/bin/python -m tests.proofs.started_unit [docs/operations.md]`, as root.

A fresh Debian with the agent's own package is booted in a container that has loopback only, beside a simulated vCenter. Each
promise of the unit is tried on the started service and its outcome printed, and written into the document, if there is one.
Exits 1 unless all hold.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.systemd.behaviours import BEHAVIOURS, NotTried, rows
from tests.systemd.container import booted
from tests.systemd.ready_machine import ready_machine
from tests.systemd.started_service import Service, service

BEGIN = "<!-- written by python -m tests.proofs.started_unit docs/operations.md -->"
END = "<!-- end of what the proof wrote -->"


@contextmanager
def started(folder: Path) -> Iterator[Service]:
    """The machine, booted, its vCenter running; `folder` is empty afterwards, for a Debian takes 300 MB."""
    try:
        with booted(ready_machine(folder)) as container, service(container) as running:
            yield running
    finally:
        shutil.rmtree(folder)
        folder.mkdir()


def outcomes(running: Service) -> dict[str, str]:
    """Promise -> what came of it; one that is broken does not keep the others from being tried."""
    found = {}
    for behaviour in BEHAVIOURS:
        try:
            found[behaviour.promise] = behaviour.tried(running)
        except NotTried as reason:
            found[behaviour.promise] = f"not tried: {reason}"
        except AssertionError as broken:
            found[behaviour.promise] = f"**broken**: {str(broken).splitlines()[0] if str(broken) else 'see the test'}"
            sys.stderr.write(f"{behaviour.promise}: {broken}\n")
    return found


def main(*documents: str) -> int:
    """Print the table; 0 if nothing is broken."""
    with tempfile.TemporaryDirectory() as folder, started(Path(folder)) as running:
        found = outcomes(running)
    table = "\n".join(rows(found))
    sys.stdout.write(f"{table}\n")
    for document in map(Path, documents):
        before, _, rest = document.read_text().partition(BEGIN)
        _, _, after = rest.partition(END)
        document.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}")
    return 1 if any(outcome.startswith("**broken**") for outcome in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
