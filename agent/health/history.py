"""When findings came and went: what stands long enough to be written down, and when it is over. Pure, of one thread."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from agent.dataclass import dataclass
from agent.model.health import Finding, HealthReport, State

Key = tuple[str, str, str]
"""Check, object and part: the same finding, run after run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingChange:
    """A finding that began, became worse or better, or (`state` None) was over, at this time on the agent's clock."""

    check: str
    kind: str
    object_id: str
    part: str
    object_name: str
    state: State | None
    message: str
    at: datetime


@dataclass(slots=True)
class _Standing:
    state: State
    first: datetime
    last: datetime
    written: bool
    finding: Finding | None = None


class FindingHistory:
    """What stands now. A finding is written down once it has stood as long as its check wants before somebody is told."""

    def __init__(self, standing: Mapping[Key, tuple[State, datetime]], now: datetime) -> None:
        """`standing` are the findings that were written down and not ended, with when they began."""
        self._standing = {
            key: _Standing(state=state, first=since, last=now, written=True) for key, (state, since) in standing.items()
        }

    def since(self, key: Key) -> datetime | None:
        """When a finding was first seen."""
        known = self._standing.get(key)
        return known.first if known is not None else None

    def saw(self, report: HealthReport, lasting: Callable[[str], timedelta]) -> list[FindingChange]:
        """Take a report in; what has to be written down.

        What cannot be judged any more is not over: it is left as it was.
        """
        now = report.evaluated_at
        changes = []
        present = {finding.key: finding for finding in report.findings}
        for key, finding in present.items():
            known = self._standing.get(key)
            if known is None:
                known = self._standing[key] = _Standing(state=finding.state, first=now, last=now, written=False)
            known.last, known.finding = now, finding
            if not known.written and now - known.first >= lasting(finding.check):
                known.written, known.state = True, finding.state
                changes.append(_change(finding, finding.state, known.first))
            elif known.written and known.state is not finding.state:
                known.state = finding.state
                changes.append(_change(finding, finding.state, now))
        unjudged = _unjudged(report)
        for key in [key for key in self._standing if key not in present]:
            known = self._standing[key]
            if unjudged(key, known.finding):
                continue
            if not known.written:
                del self._standing[key]
            elif now - known.last >= lasting(key[0]):
                del self._standing[key]
                changes.append(_ended(key, known))
        return changes


def _change(finding: Finding, state: State, at: datetime) -> FindingChange:
    return FindingChange(
        check=finding.check,
        kind=finding.kind,
        object_id=finding.object_id,
        part=finding.part,
        object_name=finding.object_name,
        state=state,
        message=finding.message,
        at=at,
    )


def _ended(key: Key, known: _Standing) -> FindingChange:
    check, object_id, part = key
    finding = known.finding
    return FindingChange(
        check=check,
        kind=finding.kind if finding else "",
        object_id=object_id,
        part=part,
        object_name=finding.object_name if finding else "",
        state=None,
        message="",
        at=known.last,
    )


def _unjudged(report: HealthReport) -> Callable[[Key, Finding | None], bool]:
    """Whether nobody can tell now if a finding is over."""
    gaps: dict[str, set[str]] = {}
    whole: set[str] = set()
    for gap in report.gaps:
        gaps.setdefault(gap.check, set()).update(gap.objects)
        if not gap.objects or gap.kind == "vcenter":
            whole.add(gap.check)

    def of(key: Key, finding: Finding | None) -> bool:
        check = key[0]
        if check in whole or (check in gaps and finding is None):
            return True
        return finding is not None and finding.object_name in gaps.get(check, ())

    return of
