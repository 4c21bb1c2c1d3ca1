"""What came of it, as the table in the documents, and what is wrong, line by line."""

from collections.abc import Iterator

from tests.proofs.month.comparison import Compared
from tests.proofs.month.growth import grown, ledger_mb_a_day, thirds
from tests.proofs.month.month_judged import Judged
from tests.proofs.month.scene import DAY_S, HOUR_S
from tests.proofs.month.stage import Played


def faults(played: Played, compared: Compared, judged: Judged, verified: str) -> list[str]:
    """Empty if all is well."""
    found = [*compared.wrong, *judged.wrong, *grown(played.samples), *played.bugs]
    if not verified.startswith("intact"):
        found.append(f"checkmeter ledger verify: {verified}")
    if played.sessions_at_end:
        found.append(f"{played.sessions_at_end} sessions are left at vCenter")
    if any(played.exit_codes):
        found.append(f"asked to end, the agent gave {played.exit_codes}")
    return found


def table(played: Played, compared: Compared, judged: Judged, verified: str) -> Iterator[str]:
    """Markdown."""
    plan, seconds = played.plan, compared.seconds
    hours = _hours
    yield "| what | figure |"
    yield "|---|---:|"
    yield f"| played | {(played.end - plan.begin).total_seconds() / DAY_S:.1f} days in {played.real_s / 60:.0f} min |"
    yield f"| VMs in the ledger | {compared.vms} |"
    yield f"| agent killed by SIGKILL, upgraded, CPU of all its lives | {played.kills}, {played.upgrades}, {played.agent_cpu_s:.0f} s |"
    away = sum((end - start).total_seconds() for start, end in played.agent_away)
    yield f"| agent away | {hours(away)} |"
    told = ", ".join(f"{count} {name}" for name, count in sorted(played.truth.told.items(), key=lambda one: -one[1]))
    yield f"| what happened | {told} |"
    yield f"| VM hours up, in truth / in the ledger | {hours(seconds.true_up)} / {hours(seconds.up)} |"
    yield f"| down | {hours(seconds.true_down)} / {hours(seconds.down)} |"
    yield f"| suspended | {hours(seconds.true_suspended)} / {hours(seconds.suspended)} |"
    yield f"| guest silent | {hours(seconds.true_silent)} / {hours(seconds.silent)} |"
    yield f"| unknown, and of it in truth on | {hours(seconds.unknown)}, {hours(seconds.unknown_was_up)} |"
    causes = ", ".join(f"{hours(value)} {name}" for name, value in sorted(compared.unknown_by_cause.items()))
    yield f"| unknown by cause | {causes} |"
    yield (
        f"| outages in truth: listed to the second, within the minute of a dead host, in part unknown | {compared.outages}: "
        f"{compared.outages_exact}, {compared.outages_within_bounds}, {compared.outages_unknown} |"
    )
    yield (
        f"| silences of guests: found, begun or ended while nobody could see | {compared.silences}: "
        f"{compared.silences_found}, {compared.silences_excused} |"
    )
    yield f"| seconds that contradict the truth, or could have been known | {'none' if not compared.wrong else len(compared.wrong)} |"
    yield (
        f"| availability in October, truth, judged | {float(judged.true):.5f} %, {float(judged.lower):.5f} to "
        f"{float(judged.upper):.5f} % |"
    )
    yield f"| servers of which every second is known and right | {judged.servers_exact} of {judged.servers} |"
    yield f"| `checkmeter ledger verify` | {verified.partition(';')[0]} |"
    if played.samples:
        yield f"| ledger's file at the end, growth | {played.samples[-1].ledger_mb:.1f} MB, {ledger_mb_a_day(played.samples):.2f} MB a day |"
    for one in thirds(played.samples):
        yield (
            f"| {one.name}{', ' + one.unit if one.unit else ''}: first third, last third, most, a day in the last long life | "
            f"{one.first:.1f}, {one.last:.1f}, {one.most:.1f}, {one.slope_a_day:+.2f} |"
        )
    yield f"| sessions at vCenter when the agent had ended | {played.sessions_at_end} |"


def _hours(seconds: float) -> str:
    return f"{seconds / HOUR_S:,.2f} h"
