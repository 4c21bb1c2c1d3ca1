"""Writes events into a ledger until its file may not grow any more, then says how many it had committed: `DATABASE LIMIT`."""

import resource
import signal
import sys
from pathlib import Path

from agent.ledger.database import LedgerUnavailable
from tests.agent.ledger.ledger_file import event, opened, window

MOST = 100_000

if __name__ == "__main__":
    file, limit = Path(sys.argv[1]), int(sys.argv[2])
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write beyond the limit fails instead of ending us
    with opened(file) as (database, store, vcenter):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        committed = 0
        try:
            for key in range(MOST):
                store.record_events(
                    vcenter, [event(key, key, message="x" * 500)], [], window(0, key), event(key, key).created
                )
                committed = key + 1
        except LedgerUnavailable as error:
            print(committed)  # noqa: T201 - what the parent reads
            print(error.cure)  # noqa: T201 - what the parent reads
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        store.record_events(vcenter, [event(committed, committed)], [], None, event(committed, committed).created)
