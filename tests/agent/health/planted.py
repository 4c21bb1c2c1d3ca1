"""The demonstration's estate over the wire, as it is or with faults planted, and what all checks say of it.

`python -m tests.agent.health.planted` writes down anew what is wrong with the demonstration from the start.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from agent.clock import SystemClock
from agent.collectors.one_reading import look_once
from agent.config.builds import load_builds
from agent.health.catalogue import catalogue
from agent.health.look import Look
from agent.health.runner import evaluate
from agent.model.health import HealthReport
from agent.simulator.access import Access
from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.planted import Plant
from agent.simulator.vcenter import SimulatedVCenter
from agent.vcenter.endpoint import Endpoint


class NoonClock(SystemClock):
    """A clock whose hands stand still, so that the estate is the same at every run."""

    def now(self) -> datetime:
        """The same moment, whenever it is asked."""
        return NOON


DEMO = Path(__file__).with_name("demo_findings.txt")
USER = "checkmeter"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def judged(
    plants: Iterable[Plant] = (), restrict: Callable[[Access], None] = lambda _: None
) -> tuple[HealthReport, dict[Plant, set[str]]]:
    """What is found in an estate with these plants, and on which objects each of them has to be found."""
    look, wanted = seen(plants, restrict)
    return evaluate(look), wanted


def seen(
    plants: Iterable[Plant] = (), restrict: Callable[[Access], None] = lambda _: None
) -> tuple[Look, dict[Plant, set[str]]]:
    """What is read of such an estate. `restrict` takes rights from the account, whose name is USER."""
    clock = NoonClock()
    estate = Estate(1, clock.now)
    municipality(estate, vms=80)
    wanted = {plant: set(plant.alter(estate)) for plant in plants}
    with SimulatedVCenter(estate) as vcenter, TemporaryDirectory() as folder:
        restrict(vcenter.faults.access)
        ca_file = Path(folder) / "ca.pem"
        ca_file.write_bytes(vcenter.ca_pem)
        endpoint = Endpoint(name="demo", host="127.0.0.1", port=vcenter.port, username=USER, ca_file=ca_file)
        kinds = {kind for one in catalogue().values() for kind in one.events}
        look = look_once(endpoint, lambda: "simulated", clock, days=7, kinds=kinds, builds=load_builds())
    return look, wanted


@cache
def demonstration_seen() -> Look:
    """The demonstration as it is read."""
    return seen()[0]


@cache
def demonstration() -> HealthReport:
    """What is found in the demonstration as it is."""
    return evaluate(demonstration_seen())


def written(report: HealthReport) -> str:
    """The findings, and what is unknown, one a line."""
    lines = [f"{one.state} | {one.check} | {one.object_name} | {one.part}".rstrip(" |") for one in report.findings]
    lines += [f"unknown | {gap.check} | {gap.reason} | {gap.source}" for gap in report.gaps]
    return "".join(f"{line}\n" for line in sorted(lines))


if __name__ == "__main__":
    DEMO.write_text(written(demonstration()), encoding="utf-8")
