"""What was aimed at, for the whole agent with all that it does, and which of it holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.bench.figures import Figures
from tests.bench.measuring import Measurement
from tests.bench.table import markdown

Value = Callable[[Measurement], float]
LARGE = 1000
"""From here on the goals are stricter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """At most `limits` by number of VMs or, beside a peer, a `shares` of what the peer needs."""

    title: str
    value: Value
    digits: int
    limits: Mapping[int, float] | None = None
    peer: str = ""
    small: float | None = None
    """most, as a share of the peer's, below 1,000 VMs"""
    large: float | None = None

    def limit(self, group: Sequence[Measurement]) -> float | None:
        """The most that it may be, None where nothing was aimed at or the peer was not measured."""
        vms = group[0].vms
        if self.limits is not None:
            return self.limits.get(vms)
        share = self.large if vms >= LARGE else self.small
        beside = next((one for one in group if one.program == self.peer), None)
        return None if share is None or beside is None else share * self.value(beside)

    def verdict(self, group: Sequence[Measurement]) -> str:
        """Such as `yes: 0.05 of 0.06`; empty where nothing was aimed at."""
        limit, value = self.limit(group), self.value(group[0])
        if limit is None:
            return ""
        return f"{'yes' if value <= limit else '**no**'}: {value:,.{self.digits}f} of {limit:,.{self.digits}f}"


def _cpu(one: Measurement) -> float:
    return one.cpu_s_a_minute


GOALS = (
    Goal(
        title="CPU, s a minute: Telegraf's at 80 VMs, a quarter from 1,000",
        value=_cpu,
        digits=3,
        peer="Telegraf",
        small=1,
        large=1 / 4,
    ),
    Goal(
        title="CPU, s a minute: a fifth of vmware_exporter's, a twentieth from 1,000",
        value=_cpu,
        digits=3,
        peer="vmware_exporter",
        small=1 / 5,
        large=1 / 20,
    ),
    Goal(
        title="calls a minute: a tenth of Telegraf's from 1,000",
        value=lambda one: one.calls_a_minute,
        digits=1,
        peer="Telegraf",
        large=1 / 10,
    ),
    Goal(
        title="peak memory, MB", value=lambda one: one.peak_memory_mb, digits=0, limits={80: 60, 1000: 100, 5000: 200}
    ),
    Goal(title="first metrics, s", value=lambda one: one.first_metrics_s, digits=2, limits={80: 0.5, 1000: 2, 5000: 6}),
    Goal(title="scrape, p99, ms", value=lambda one: one.scrape_p99_ms, digits=1, limits={80: 10, 5000: 50}),
)


def judged(figures: Figures) -> str:
    """A row a goal, a column a server: whether it holds, what was measured and the most that was aimed at."""
    groups = [group for group in figures.groups() if group[0].program == "checkmeter"]
    heads = ["at most", *(f"{group[0].vms:,} VMs, {group[0].server}" for group in groups)]
    return markdown([heads, *([goal.title, *(goal.verdict(group) for group in groups)] for goal in GOALS)])
