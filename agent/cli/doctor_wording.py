"""What `checkmeter doctor` prints."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agent.model.account import Account, Finding, Refusal, Verdict, counted

_MOST_OBJECTS = 3
_MOST_NAMES = 4
_KINDS = ("metric", "check", "command")


def lines(account: Account, findings: Sequence[Finding], role: Sequence[str], *, every: bool) -> Iterator[str]:
    """The account in short; what does not work, grouped by what it lacks, or (`every`) each feature on a line."""
    yield f"{account.vcenter}: {account.username} at {account.product} ({account.address})"
    yield f"  visible: {_visible(account)}"
    for kind, moids in sorted(account.hidden.items()):
        yield f"  not visible: {_some(moids, _MOST_OBJECTS)} ({kind}), though visible objects point there"
    for kind in _KINDS:
        of_kind = [one for one in findings if one.feature.kind == kind]
        if not of_kind:
            continue
        numbers = counted(of_kind)
        others = [
            f"{number} {verdict.value}"
            for verdict, number in numbers.items()
            if number and verdict is not Verdict.WORKS
        ]
        yield f"{kind}s: {numbers[Verdict.WORKS]} of {len(of_kind)} work{''.join(f', {one}' for one in others)}"
        if every:
            width = max(len(one.feature.name) for one in of_kind)
            yield from (f"  {one.feature.name:{width}}  {state(one)}" for one in of_kind)
        else:
            yield from _grouped(of_kind)
    yield f"the minimal role: {', '.join(role)}, on the top folder, propagated"
    if any(
        numbers for verdict, numbers in counted(findings).items() if verdict in (Verdict.MISSING, Verdict.INVISIBLE)
    ):
        yield "`checkmeter doctor --letter en` (or da) prints the letter that asks the vendor for it"


def state(finding: Finding) -> str:
    """`works`, `missing privilege NAME on OBJECT`, `not visible: OBJECT`; with what it is so for in part only."""
    part = " (the rest works)" if finding.in_part else ""
    match finding.verdict:
        case Verdict.MISSING:
            also = f"; not visible: {_some(finding.hidden, _MOST_OBJECTS)}" if finding.hidden else ""
            return "; ".join(map(refusal, finding.refusals)) + also + part
        case Verdict.INVISIBLE:
            return f"not visible: {_some(finding.hidden, _MOST_OBJECTS)}{part}"
        case _:
            return str(finding.verdict.value)


def refusal(one: Refusal) -> str:
    """`missing privilege System.Read on esx01, esx02 and 4 more`."""
    return f"missing privilege {one.privilege} on {_some(one.objects, _MOST_OBJECTS)}"


def as_json(account: Account, findings: Sequence[Finding], role: Sequence[str]) -> Mapping[str, Any]:
    """All of it, nothing shortened."""
    return {
        "vcenter": account.vcenter,
        "address": account.address,
        "username": account.username,
        "product": account.product,
        "visible": dict(account.visible),
        "hidden": {kind: list(moids) for kind, moids in account.hidden.items()},
        "held_on_top": dict(account.held),
        "minimal_role": list(role),
        "features": [
            {
                "kind": one.feature.kind,
                "name": one.feature.name,
                "state": one.verdict.value,
                "in_part": one.in_part,
                "needs": list(one.feature.needs),
                "missing": [{"privilege": gap.privilege, "objects": list(gap.objects)} for gap in one.refusals],
                "hidden": list(one.hidden),
            }
            for one in findings
        ],
    }


def _grouped(findings: Sequence[Finding]) -> Iterator[str]:
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for one in findings:
        if one.verdict is not Verdict.WORKS:
            alike[state(one)].append(one.feature.name)
    for why, names in alike.items():
        yield f"  {why}:"
        yield f"    {_some(names, _MOST_NAMES)}"


def _visible(account: Account) -> str:
    many = {
        "HostSystem": "hosts",
        "VirtualMachine": "virtual machines",
        "ClusterComputeResource": "clusters",
        "Datastore": "datastores",
    }
    return ", ".join(f"{account.visible.get(kind, 0)} {word}" for kind, word in many.items())


def _some(names: Sequence[str], most: int) -> str:
    shown = ", ".join(" ".join(name.split()) for name in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
