"""The one sentence at the top: is everything fine, and if not, what is the matter."""

from collections import Counter
from collections.abc import Iterator, Sequence

from agent.dataclass import dataclass
from exporters.status_page.alarms import AlarmRow
from exporters.status_page.connections import Connection
from exporters.status_page.seen import Seen
from exporters.status_page.table import Level
from exporters.status_page.troubles import Trouble
from exporters.status_page.virtual_machines import machines
from exporters.status_page.wording import counted, sentence_list

MAX_PARTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`level` is that of the worst part."""

    level: Level
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    level: Level
    text: str


def verdict(
    links: Sequence[Connection], sources: Sequence[Seen], found: Sequence[Trouble], alarms: Sequence[AlarmRow]
) -> Verdict:
    """Connections first, since nothing else is certain without them; then by how bad."""
    worst_first = sorted([*_of_objects(found), *_of_alarms(alarms)], key=lambda part: -part.level)
    parts = [*_of_connections(links), *worst_first]
    if not links:
        return Verdict(level=Level.UNKNOWN, text="No vCenter is configured")
    if not parts:
        return Verdict(level=Level.OK, text=f"All fine: {_what_is_fine(sources)}")
    told = [part.text for part in parts[:MAX_PARTS]]
    if len(parts) > MAX_PARTS:
        told.append(f"{len(parts) - MAX_PARTS} more")
    sentence = sentence_list(told)
    return Verdict(level=max(part.level for part in parts), text=sentence[0].upper() + sentence[1:])


def _of_connections(links: Sequence[Connection]) -> list[_Part]:
    return [_Part(level=link.level, text=link.summary) for link in links if link.summary]


def _of_objects(found: Sequence[Trouble]) -> Iterator[_Part]:
    for condition, count in Counter(trouble.condition for trouble in found).items():
        yield _Part(level=condition.level, text=counted(count, condition.one, condition.many))


def _of_alarms(alarms: Sequence[AlarmRow]) -> Iterator[_Part]:
    """An acknowledged alarm is in someone's hands already."""
    count = Counter(row.alarm.status for row in alarms if not row.alarm.acknowledged)
    if count["red"]:
        yield _Part(level=Level.BAD, text=counted(count["red"], "red alarm", "red alarms"))
    if count["yellow"]:
        yield _Part(level=Level.WARNING, text=counted(count["yellow"], "yellow alarm", "yellow alarms"))


def _what_is_fine(sources: Sequence[Seen]) -> str:
    hosts = sum(len(source.inventory.hosts) for source in sources)
    vms = sum(1 for source in sources for _ in machines(source))
    datastores = sum(len(source.inventory.datastores) for source in sources)
    return sentence_list(
        [
            counted(hosts, "host", "hosts"),
            counted(vms, "VM", "VMs"),
            counted(datastores, "datastore", "datastores"),
        ]
    )
