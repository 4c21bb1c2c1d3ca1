"""Runs the catalogue over one vCenter: pure, from what is known to a report. What was not seen is never ok."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from operator import attrgetter
from typing import Any

from agent.health.catalogue import Check, are_plain, catalogue, source_of_field, source_words
from agent.health.evidence import evidence_of
from agent.health.kept import KeptRun, KeptVerdicts
from agent.health.look import Look, Unseen
from agent.health.settings import DEFAULTS, HealthSettings
from agent.health.sight import Obstacles
from agent.health.subjects import ENTITY, VM, When
from agent.model.health import Fault, Finding, Gap, HealthReport, Reason, State

MOID = attrgetter("moid")
_BY_SEVERITY = {State.CRITICAL: 0, State.WARNING: 1, State.INFO: 2}


def evaluate(
    look: Look,
    settings: HealthSettings = DEFAULTS,
    checks: Mapping[str, Check] | None = None,
    kept: KeptVerdicts | None = None,
) -> HealthReport:
    """Everything that all checks (or those given) say. A check that raises is unknown, alone, for that object.

    Args:
        look: What is known.
        settings: What the user decides.
        checks: Those to make, by name; the same each time that `kept` is given.
        kept: What the run before this one, of the same vCenter, has left; it makes this one cheaper and no other.
    """
    chosen = catalogue() if checks is None else checks
    before = (KeptVerdicts() if kept is None else kept).begin(look, settings, chosen.values())
    run = _Run(look, settings, before)
    for one in chosen.values():
        if not settings.enabled(one.name):
            continue
        if one.of_ledger and look.free_space is None:
            run.leave_out(one)
        else:
            run.judge(one)
    report = run.report()
    if kept is not None:
        kept.end(before, settings)
    return report


class _Run:
    """One pass; what several checks share is worked out once."""

    def __init__(self, look: Look, settings: HealthSettings, kept: KeptRun) -> None:
        self._look, self._settings, self._kept = look, settings, kept
        self._obstacles = Obstacles(look)
        self._applicable: dict[tuple[type, When | None], tuple[list[Any], list[Any], int]] = {}
        self._tally: dict[str, Mapping[State, int]] = {}
        self._findings: list[Finding] = []
        self._left_out: list[str] = []
        self._gaps: defaultdict[tuple[str, str, Reason, str, str | None], dict[str, None]] = defaultdict(dict)

    def leave_out(self, check: Check) -> None:
        """Not made, which the report says: what is not made is not ok."""
        self._left_out.append(check.name)

    def judge(self, check: Check) -> None:
        """One check over all objects that it applies to."""
        items, undecided, not_applicable = self._subjects(check)
        if check.since_api is not None and self._older_than(check.since_api):
            self._tally[check.name] = {State.NOT_APPLICABLE: len(items) + len(undecided) + not_applicable}
            return
        counts: Counter[State] = Counter()
        if not_applicable:
            counts[State.NOT_APPLICABLE] = not_applicable
        for item in undecided:
            assert check.when is not None  # noqa: S101 - without a condition nothing is undecided
            name = next(name for name in check.when.fields if getattr(item, name) is None)
            self._unknown(check, item, Unseen(item, name), counts)
        for moid in self._obstacles.invisible(check.kind):
            counts[State.UNKNOWN] += 1
            self._gaps[check.name, check.kind.name, Reason.NOT_VISIBLE, check.kind.record.__name__, None][moid] = None
        call, sees = self._call(check), self._obstacles.for_fields(check.kind.record, check.sees)
        faults: list[Fault] = []
        read, thresholds_vary = self._judged_by(check), callable(self._settings.thresholds(check, self._look))
        well_values: set[Any] = set()
        to_judge = items if sees is not None or thresholds_vary else self._kept.to_judge(check, items)
        well = len(items) - len(to_judge)
        told = self._told(check, to_judge, counts)
        unwell = set(map(MOID, to_judge)) - set(map(MOID, told)) if len(told) < len(to_judge) else set()
        for item in told:
            if sees is not None and (unseen_field := sees(item)) is not None:
                self._unknown(check, item, Unseen(item, unseen_field), counts)
                unwell.add(item.moid)
                continue
            if read is not None:
                value = read(item)
                if value in well_values:
                    well += 1
                    continue
            unsure = False
            try:
                faults += call(item)
            except Unseen as unseen:
                self._unknown(check, item, unseen, counts)
                unsure = True
            except Exception as bug:  # noqa: BLE001 - a bug in one check must not cost the others
                where = f"{check.name}: {type(bug).__name__}: {bug}"[:200]
                self._gaps[check.name, check.kind.name, Reason.FAILED, where, None][self._name(item)] = None
                counts[State.UNKNOWN] += 1
                faults = []
                unwell.add(item.moid)
                continue
            if faults or unsure:
                unwell.add(item.moid)
            if faults:
                for fault in faults:
                    self._found(check, item, fault, counts)
                faults = []
            elif not unsure:
                well += 1
                if read is not None:
                    well_values.add(value)
        if well:
            counts[State.OK] = well
        self._tally[check.name] = counts
        self._kept.judged(check, unwell)

    def _judged_by(self, check: Check) -> Callable[[Any], Any] | None:
        """What decides for a check that looks at nothing but a few plain fields: objects that agree in them are judged once.

        Most of thousands of VMs agree, and a look into a set costs a third of a call.
        """
        fields = (*check.needs, *check.sees)
        if check.takes_look or not fields or callable(self._settings.thresholds(check, self._look)):
            return None
        return attrgetter(*fields) if are_plain(check.kind.record, fields) else None

    def _told(self, check: Check, items: list[Any], counts: Counter[State]) -> list[Any]:
        """The objects of which everything is known that the check needs; the others are unknown."""
        silent = without(items, check.needs)
        if not silent:
            return items
        for item in silent:
            name = next(name for name in check.needs if getattr(item, name) is None)
            self._unknown(check, item, Unseen(item, name), counts)
        unknown = set(map(id, silent))
        return [item for item in items if id(item) not in unknown]

    def report(self) -> HealthReport:
        """What was found, worst first."""
        order = sorted(
            self._findings,
            key=lambda one: (_BY_SEVERITY[one.state], one.check, one.object_name, one.object_id, one.part),
        )
        return HealthReport(
            evaluated_at=self._look.now,
            findings=tuple(order),
            gaps=tuple(
                Gap(check=check, kind=kind, reason=reason, source=source, privilege=privilege, objects=tuple(objects))
                for (check, kind, reason, source, privilege), objects in self._gaps.items()
            ),
            tally=self._tally,
            notes=(*self._tables(), *self._settings.notes(self._look.now)),
        )

    def _tables(self) -> tuple[str, ...]:
        dated = self._look.builds.dated
        left_out = (f"without the ledger's past not made: {', '.join(self._left_out)}",) if self._left_out else ()
        return (f"releases and ends of support are known up to {dated}", *left_out) if dated is not None else left_out

    def _older_than(self, version: str) -> bool:
        """Whether vCenter's API is of an older version; one that does not say is taken for a new one."""
        own = self._look.inventory.about.api_version
        return own is not None and _numbers(own) < _numbers(version)

    def _subjects(self, check: Check) -> tuple[list[Any], list[Any], int]:
        """Those it applies to, those of which nobody can tell, and how many others there are."""
        key = (check.kind.record, check.when)
        if key not in self._applicable:
            self._applicable[key] = self._sorted_out(check.kind.objects(self._look), check.when)
        return self._applicable[key]

    def _sorted_out(self, items: Iterable[Any], when: When | None) -> tuple[list[Any], list[Any], int]:
        if when is None:
            return list(items), [], 0
        everything = list(items)
        undecided = without(everything, when.fields)
        unknown = set(map(id, undecided))
        applies = [item for item in everything if id(item) not in unknown and when.test(item)]
        return applies, undecided, len(everything) - len(undecided) - len(applies)

    def _call(self, check: Check) -> Callable[[Any], Iterable[Fault]]:
        find, look = check.find, self._look
        thresholds = self._settings.thresholds(check, look)
        if callable(thresholds):
            per_object = thresholds
            if check.takes_look:
                return lambda item: find(item, look, **per_object(item))
            return lambda item: find(item, **per_object(item))
        return partial(find, look=look, **thresholds) if check.takes_look else partial(find, **thresholds)

    def _found(self, check: Check, item: Any, fault: Fault, counts: Counter[State]) -> None:
        counts[fault.state] += 1
        moid = fault.on or item.moid
        kind, name = check.kind.name, self._name(item)
        if fault.on is not None and fault.on != item.moid:
            kind = self._obstacles.kind_of(moid) or check.about.name
            name = self._look.inventory.named(moid) or fault.named or moid
        if kind == ENTITY.name:
            kind = self._obstacles.kind_of(moid) or kind
        finding = Finding(
            check=check.name,
            state=fault.state,
            kind=kind,
            object_id=self._look.vm_ids.get(moid, moid) if kind == VM.name else moid,
            moid=moid,
            object_name=name,
            part=fault.part,
            message=fault.message,
            evidence=fault.evidence or evidence_of(check, item, self._look),
        )
        self._findings.append(self._settings.acknowledged(finding, self._look.now))

    def _unknown(self, check: Check, item: Any, unseen: Unseen, counts: Counter[State]) -> None:
        counts[State.UNKNOWN] += 1
        if unseen.reason is Reason.NOT_VISIBLE:
            reason, source, privilege = Reason.NOT_VISIBLE, f"{unseen.name} {unseen.item}", None
        elif unseen.source is not None:
            reason, source, privilege = unseen.reason or Reason.NOT_TOLD, unseen.source, unseen.privilege
        else:
            record: Any = type(unseen.item)
            source = source_words(record, unseen.name)
            reason, privilege = self._obstacles.reason(unseen.item, source_of_field(record, unseen.name))
            reason = unseen.reason or reason
        self._gaps[check.name, check.kind.name, reason, source, privilege][self._name(item)] = None

    @staticmethod
    def _name(item: Any) -> str:
        return str(item.name or item.moid)


def without(items: list[Any], names: tuple[str, ...]) -> list[Any]:
    """Those of which one of the fields is not known. One call in C an object: there are hundreds of thousands."""
    if not names:
        return []
    read = attrgetter(*names)
    if len(names) == 1:
        return [item for item in items if read(item) is None]
    return [item for item in items if None in read(item)]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())
