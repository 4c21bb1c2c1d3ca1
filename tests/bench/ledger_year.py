"""How large a ledger gets, and how long it takes to open it, to judge a month, its outages and a claim, and to verify it.

`python -m tests.bench.ledger_year --vms 80 --days 365`. Every VM has what real ones have: backups each night, a
move now and then, a restart a month.
"""

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from agent.claims.evaluation import evaluate
from agent.claims.month import Month
from agent.collectors.month_evidence import month_evidence
from agent.ledger.book import VM, Book
from agent.ledger.chain import verify
from agent.ledger.database import Database
from agent.ledger.recorded import vcenters
from agent.ledger.store import COVERED, RUNNING, WATCHED, LedgerStore, Observed, Stretch
from agent.model.builds import BuildTable
from agent.model.event import Event
from agent.model.evidence import PRESENT, SEEN, Observation
from tests.agent.claims.contracts import contract, folder, promise

BEGIN = datetime(2025, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
MOVES_A_DAY = 0.3
RESTARTS_A_DAY = 1 / 30
T = TypeVar("T")


class Estate:
    """Posts what happens to `vms` VMs on a day."""

    def __init__(self, vms: int) -> None:
        self._random = random.Random(1)
        self._vms = vms
        self._key = 0

    def first(self) -> list[Observed]:
        seen = []
        for number in range(self._vms):
            values = {
                PRESENT: SEEN,
                "@vm_id": f"5031{number:08x}-0000-4000-8000-000000000000",
                "name": f"srv-{number:04}",
                "runtime.powerState": "poweredOn",
                "runtime.connectionState": "connected",
                "runtime.host": f"host-{number % 50}",
                "guestHeartbeatStatus": "green",
                "guest.toolsRunningStatus": "guestToolsRunning",
            }
            seen += [self._observed(number, path, value, BEGIN) for path, value in values.items()]
        return seen

    def day(self, midnight: datetime) -> tuple[list[Event], list[Observed]]:
        events, observed = [], []
        for number in range(self._vms):
            at = midnight + timedelta(seconds=self._random.randrange(80_000))
            for task in ("VirtualMachine.createSnapshot", "VirtualMachine.removeSnapshot"):
                events.append(self._event("TaskEvent", number, at, info__descriptionId=task, info__state="success"))
                events.append(self._event("VmReconfiguredEvent", number, at + timedelta(seconds=1)))
            if self._random.random() < MOVES_A_DAY:
                host = f"host-{self._random.randrange(50)}"
                events.append(self._event("VmBeingHotMigratedEvent", number, at, destHost__host=host))
                events.append(
                    self._event("DrsVmMigratedEvent", number, at + timedelta(seconds=9), sourceHost__host=host)
                )
                observed.append(self._observed(number, "runtime.host", host, at))
            if self._random.random() < RESTARTS_A_DAY:
                for offset, kind, state in (
                    (60, "VmPoweredOffEvent", "poweredOff"),
                    (312, "VmPoweredOnEvent", "poweredOn"),
                ):
                    then = at + timedelta(seconds=offset)
                    events.append(self._event(kind, number, then))
                    observed.append(self._observed(number, "runtime.powerState", state, then))
                    heartbeat = "gray" if state == "poweredOff" else "green"
                    observed.append(self._observed(number, "guestHeartbeatStatus", heartbeat, then))
        return events, observed

    def _event(self, kind: str, number: int, at: datetime, **fields: str) -> Event:
        self._key += 1
        return Event(
            key=self._key,
            chain_id=self._key,
            kind=kind,
            created=at,
            user="VSPHERE.LOCAL\\backup",
            message=f"{kind} of srv-{number:04} on esx{number % 50:02}.example.test in Datacenter",
            vm=f"vm-{number}",
            vm_name=f"srv-{number:04}",
            host=f"host-{number % 50}",
            host_name=f"esx{number % 50:02}.example.test",
            cluster="domain-c8",
            datacenter="datacenter-2",
            fields={"template": "false", **{name.replace("__", "."): value for name, value in fields.items()}},
        )

    @staticmethod
    def _observed(number: int, path: str, value: str, at: datetime) -> Observed:
        return Observed("vm", f"vm-{number}", Observation(path=path, value=value, at=at, learned_at=at))


def write(file: Path, vms: int, days: int) -> None:
    """A ledger of so many days."""
    database = Database(file)
    store, estate = LedgerStore(database), Estate(vms)
    vcenter = store.vcenter("uuid-1", "dc1", BEGIN)
    store.record_observations(vcenter, estate.first(), (), BEGIN)
    for number in range(days):
        midnight = BEGIN + number * DAY
        events, observed = estate.day(midnight)
        store.record_events(vcenter, events, (), None, midnight + DAY)
        store.record_observations(vcenter, observed, (), midnight + DAY)
        for start in _quarters(midnight):
            end = start + QUARTER
            store.record_events(vcenter, (), (), Stretch(kind=COVERED, start=start, end=end), end)
            kept = [Stretch(kind=kind, start=start, end=end) for kind in (WATCHED, RUNNING)]
            store.record_observations(vcenter, (), kept, end)
    database.close()


def _quarters(midnight: datetime) -> Iterator[datetime]:
    return (midnight + number * QUARTER for number in range(DAY // QUARTER))


def month(database: Database, days: int) -> int:
    """The outages of the last 30 days."""
    end = BEGIN + days * DAY
    with database.reading() as connection:
        book = Book(connection, vcenters(connection)[0], end - 30 * DAY, end)
        return sum(len(account.outages) for account in book.accounts(VM))


def claims(database: Database, days: int) -> str:
    """The verdict on the availability of all VMs in the last whole calendar month."""
    terms = folder(contract(promise("99.9")))
    name = Month.holding(BEGIN + days * DAY, terms.contracts[0].spec.time_zone).previous.name
    with database.reading() as connection:
        evidence = month_evidence(connection, terms, name, BEGIN + days * DAY, BuildTable())
        (found,) = evaluate(terms, name, evidence).claims
    return f"{found.verdict}, {len(found.objects)} servers"


def timed(what: str, work: Callable[[], T]) -> T:
    began = time.perf_counter()
    result = work()
    print(f"{what}: {time.perf_counter() - began:.2f} s")  # noqa: T201 - a benchmark prints
    return result


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--vms", type=int, default=80)
    parser.add_argument("--days", type=int, default=365)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "checkmeter.db"
        timed("write", lambda: write(file, asked.vms, asked.days))
        print(f"size: {file.stat().st_size / 1e6:.1f} MB")  # noqa: T201 - a benchmark prints
        database = timed("open", lambda: Database(file))
        found = timed("outages of a month", lambda: month(database, asked.days))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"outages: {found}, memory: {memory:.0f} MiB")  # noqa: T201 - a benchmark prints
        judged = timed("a claim of a month", lambda: claims(database, asked.days))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"claim: {judged}, memory: {memory:.0f} MiB")  # noqa: T201 - a benchmark prints
        with database.reading() as connection:
            checked = timed("verify", lambda: verify(connection))
        print(f"rows: {checked.seq:,}, broken: {checked.found}")  # noqa: T201 - a benchmark prints
        database.close()


if __name__ == "__main__":
    main()
