"""How the agent stands with each vCenter: is what the page shows current, and if not, why and what to do."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from agent.dataclass import dataclass
from agent.model.world import CollectorStatus, LedgerStatus, Target, World
from exporters.readiness import was_tried
from exporters.status_page.table import Cell, Level
from exporters.status_page.wording import age_text, duration_text, iso, moment_text, offset_text, since_text

CLOCK_OFFSET_WARNING_S = 5.0
CERTIFICATE_WARNING = timedelta(days=30)
SEES_NOTHING = "no host and no virtual machine is visible to the account"
SEES_NOTHING_CURE = "if there are any, ask for the role Read-only on the top folder, propagated to all below"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A labelled value."""

    label: str
    value: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One vCenter. `summary` is its part of the verdict when it is not fine."""

    name: str
    address: str
    level: Level
    state: str
    summary: str
    problem: str
    cure: str
    facts: tuple[Fact, ...]


def connections(world: World, now: datetime) -> tuple[Connection, ...]:
    """Every configured vCenter, as configured."""
    return tuple(_connection(target, now) for target in world.targets.values())


def _connection(target: Target, now: datetime) -> Connection:
    level, state, summary = _state(target, now)
    problem, cure = _problem(target, now)
    return Connection(
        name=target.name,
        address=target.address,
        level=level,
        state=state,
        summary=summary,
        problem=problem,
        cure=cure,
        facts=tuple(_facts(target, now)),
    )


def _state(target: Target, now: datetime) -> tuple[Level, str, str]:
    if not was_tried(target):
        return Level.UNKNOWN, "not read yet", f"no reading of {target.name} yet"
    lasting = target.problem if target.problem and now - target.problem.since >= timedelta(seconds=1) else None
    since = f" {since_text(lasting.since, now)}" if lasting else ""
    if target.login_blocked:
        return Level.BAD, "login blocked", f"login to {target.name} blocked{since}"
    silent = target.visible_inventory(now) is None
    if target.inventory is not None and silent:
        age = since_text(target.inventory.confirmed_at, now)
        return Level.BAD, "no answer", f"no answer from {target.name} {age}"
    if not target.up or silent:
        return Level.BAD, "down", f"no reading of {target.name}{since}"
    if target.problem is not None:
        return Level.WARNING, "up, with a problem", f"a problem with {target.name}{since}"
    if target.ledger.chain_valid is False:
        return Level.BAD, "up, ledger altered", f"the ledger of {target.name} was altered"
    if target.ledger.problems:
        began = min(one.since for one in target.ledger.problems.values())
        return Level.BAD, "up, ledger not kept", f"the ledger of {target.name} is not kept {since_text(began, now)}"
    if _sees_nothing(target, now):
        return Level.WARNING, "up, nothing visible", f"nothing of {target.name} is visible to the account"
    return Level.OK, "up", ""


def _problem(target: Target, now: datetime) -> tuple[str, str]:
    """What is wrong, and the cure."""
    if target.problem is not None:
        return target.problem.problem, target.problem.cure
    return (SEES_NOTHING, SEES_NOTHING_CURE) if _sees_nothing(target, now) else ("", "")


def _sees_nothing(target: Target, now: datetime) -> bool:
    """A role that was given without propagation: everything answers, and nothing is there."""
    inventory = target.visible_inventory(now)
    return inventory is not None and not inventory.hosts and not inventory.vms


def _facts(target: Target, now: datetime) -> Iterator[Fact]:
    if target.problem is not None:
        yield Fact(label="Problem since", value=_moment(target.problem.since, now))
    inventory = target.inventory
    if inventory is not None:
        yield Fact(label="Last answer", value=_moment(inventory.confirmed_at, now, brief=True))
        if inventory.quick_read_at is not None:
            yield Fact(label="Usage read", value=_moment(inventory.quick_read_at, now, brief=True))
        if inventory.slow_read_at is not None:
            yield Fact(label="Details read", value=_moment(inventory.slow_read_at, now, brief=True))
    yield from _ledger_facts(target.ledger, now)
    if target.clock_offset_s is not None:
        late = abs(target.clock_offset_s) > CLOCK_OFFSET_WARNING_S
        offset = Cell(text=offset_text(target.clock_offset_s), level=Level.WARNING if late else None)
        yield Fact(label="Its clock minus ours", value=offset)
    if target.connected_since is not None:
        yield Fact(label="Connected since", value=_moment(target.connected_since, now))
    if target.certificate_expires is not None:
        soon = target.certificate_expires - now < CERTIFICATE_WARNING
        yield Fact(
            label="Certificate expires",
            value=_moment(target.certificate_expires, now, level=Level.WARNING if soon else None),
        )
    if inventory is not None and inventory.about.full_name is not None:
        yield Fact(label="Product", value=Cell(text=inventory.about.full_name))
    for name, status in target.collectors.items():
        if status.failures or status.bugs:
            yield Fact(label=f"Failed reads, {name}", value=_failures(status))


def _ledger_facts(ledger: LedgerStatus, now: datetime) -> Iterator[Fact]:
    if ledger.covered_until is not None:
        yield Fact(label="Events read until", value=_moment(ledger.covered_until, now, brief=True))
    if ledger.undecodable_events:
        yield Fact(label="Events that cannot be read", value=Cell(text=f"{ledger.undecodable_events:,}"))
    if ledger.chain_problem is not None:
        yield Fact(label="Ledger", value=Cell(text=f"altered: {ledger.chain_problem}", level=Level.BAD))
    for problem in dict.fromkeys((one.problem, one.cure) for one in ledger.problems.values()):
        text = "; ".join(filter(None, problem))
        yield Fact(label="Ledger", value=Cell(text=f"not kept: {text}", level=Level.BAD))


def _moment(value: datetime, now: datetime, *, brief: bool = False, level: Level | None = None) -> Cell:
    age = age_text(value, now)
    if brief:
        return Cell(text=age, title=iso(value), instant=iso(value))
    return Cell(text=moment_text(value), note=age, title=iso(value), instant=iso(value), level=level)


def _failures(status: CollectorStatus) -> Cell:
    text = f"{status.failures:,} of {status.runs:,}"
    if status.bugs:
        return Cell(text=f"{text}, {status.bugs:,} by a bug in the agent", level=Level.WARNING)
    return Cell(text=text, note=f"every {duration_text(status.interval_s)}")
