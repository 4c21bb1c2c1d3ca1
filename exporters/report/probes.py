"""The annex of what probes said: Prometheus forgets, so the report keeps what it was told, and is made again from that. Pure."""

import csv
import io
from collections.abc import Sequence

from agent.errors import AgentError
from agent.model.probe_result import ProbeResult
from exporters.report.cells import table

PROBES = "probes.csv"
_HEADING = ("vcenter", "id", "name", "probe", "unreachable_s", "probed_s")


def written(probes: Sequence[ProbeResult]) -> bytes:
    """As it lies in the report's folder."""
    rows = ((one.vcenter, one.vm_id, one.name, one.probe, one.unreachable_s, one.probed_s) for one in probes)
    return table(_HEADING, rows)


def read_back(content: bytes) -> tuple[ProbeResult, ...]:
    """What `written` wrote.

    Raises:
        AgentError: it is something else.
    """
    wrong = AgentError(f"{PROBES} is not as a report writes it", cure="compare it with a copy")
    try:
        heading, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
        found = tuple(
            ProbeResult(
                vcenter=vcenter,
                vm_id=vm_id,
                name=name,
                probe=probe,
                unreachable_s=int(unreachable),
                probed_s=int(probed),
            )
            for vcenter, vm_id, name, probe, unreachable, probed in rows
        )
    except ValueError:
        raise wrong from None
    if tuple(heading) != _HEADING:
        raise wrong
    return found
