"""What an account can have of a vCenter, and what each feature needs of it. Pure: the reading is agent.vcenter.account."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from enum import Enum

from agent.dataclass import dataclass

READ_ONLY_ROLE = ("System.Anonymous", "System.View", "System.Read")
"""The privileges of vCenter's own role Read-only."""
READING = frozenset({*READ_ONLY_ROLE, "Global.Licenses", "Datastore.Browse", "StorageProfile.View"})
"""Privileges that let their holder read and nothing else. No other is ever asked for."""
ALWAYS_THERE = frozenset({"VirtualMachine", "HostSystem", "Datastore"})
"""Kinds of which every vCenter has some: where none is seen, they are hidden."""
SEEN_WITH: Mapping[str, str] = {
    "ClusterComputeResource": "HostSystem",
    "ComputeResource": "HostSystem",
    "ResourcePool": "HostSystem",
    "StoragePod": "Datastore",
}
"""Kinds that there may be none of; but where not even the other kind is seen, nobody can say that."""
NO_NEED = frozenset(
    {"agent", "ledger", "TLS handshake", "TLS certificate", "ServiceContent", "ServiceInstance", "/proc"}
)
"""Sources that every account has which may log in at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """Something that works or does not: `kind` is metric, check or command.

    `needs` are sources as metrics name them: `VirtualMachine.runtime.powerState`, `QueryPerf cpu.ready.summation`.
    """

    kind: str
    name: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A privilege that was found missing, and the objects it is missing on, by the names that people know."""

    privilege: str
    objects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What came of reading one source: of how many objects it could be read, and who refused."""

    readable: int = 0
    refusals: tuple[Refusal, ...] = ()
    unknown: bool = False
    """this vCenter has no such property, counter or operation, or its answer could not be understood"""
    off: bool = False
    """not tried, as the configuration does not ask for it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one account was shown by one vCenter.

    `attempts` are by source; `visible` counts objects by kind, as `VirtualMachine`; `hidden` are objects that visible
    ones point to but that are not shown, by kind; `held` says of privileges whether the account has them on the top.
    """

    vcenter: str
    address: str
    username: str
    product: str
    visible: Mapping[str, int] = field(default_factory=dict)
    hidden: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    held: Mapping[str, bool] = field(default_factory=dict)
    attempts: Mapping[str, Attempt] = field(default_factory=dict)


class Verdict(Enum):
    """How a feature stands; from the best to the worst."""

    WORKS = "works"
    MISSING = "missing privilege"
    INVISIBLE = "not visible"
    UNAVAILABLE = "not offered by this vCenter"
    OFF = "not configured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One feature against one account. `in_part`: what is refused or hidden is so for some objects only."""

    feature: Feature
    verdict: Verdict
    refusals: tuple[Refusal, ...] = ()
    hidden: tuple[str, ...] = ()
    """objects, or where none of a kind is seen the kind"""
    in_part: bool = False


def examine(features: Iterable[Feature], account: Account, privileges: Mapping[str, str]) -> tuple[Finding, ...]:
    """Every feature against this account.

    Args:
        features: What to look at.
        account: What was seen.
        privileges: The privilege of each need by pyVmomi's tables, for what was not tried.
    """
    return tuple(_finding(feature, account, privileges) for feature in features)


def minimal_role(findings: Iterable[Finding], privileges: Mapping[str, str]) -> tuple[str, ...]:
    """The fewest privileges that let everything work that reading privileges can let work.

    Those of the tables, and those that vCenter asked for beyond, but never one that lets its holder change anything.
    """
    needed = {privileges[need] for finding in findings for need in finding.feature.needs if need in privileges}
    asked = {one.privilege for finding in findings for one in finding.refusals}
    return (*READ_ONLY_ROLE, *sorted(((needed | asked) & READING) - set(READ_ONLY_ROLE)))


def attempts_of(need: str, attempts: Mapping[str, Attempt]) -> Mapping[str, Attempt]:
    """The sources that were tried and that a need lies in, or that lie in it, by source.

    Properties are read by paths that may be shorter than the field (`ClusterComputeResource.summary`); a command's need
    may be a whole kind of object (`VirtualMachine`).
    """
    return {
        source: attempt
        for source, attempt in attempts.items()
        if source == need or need.startswith(f"{source}.") or source.startswith(f"{need}.")
    }


def merged(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """One refusal a privilege, every object once, in the order they came."""
    found: dict[str, dict[str, None]] = {}
    for one in refusals:
        found.setdefault(one.privilege, {}).update(dict.fromkeys(one.objects))
    return tuple(Refusal(privilege=name, objects=tuple(objects)) for name, objects in found.items())


def _finding(feature: Feature, account: Account, privileges: Mapping[str, str]) -> Finding:
    refusals: list[Refusal] = []
    hidden: dict[str, None] = {}
    works = unavailable = blind = 0
    if any(attempt.off for need in feature.needs for attempt in attempts_of(need, account.attempts).values()):
        return Finding(feature=feature, verdict=Verdict.OFF)
    needs = [need for need in feature.needs if need.partition(".")[0] not in NO_NEED]
    for need in needs:
        kind = need.partition(".")[0]
        if account.visible.get(kind) == 0:
            companion = SEEN_WITH.get(kind, "")
            if account.hidden.get(kind) or kind in ALWAYS_THERE or account.visible.get(companion) == 0:
                blind += 1
                hidden[kind] = None
            else:  # nothing shows that there are any
                works += 1
            continue
        hidden.update(dict.fromkeys(account.hidden.get(kind, ())))
        tried = attempts_of(need, account.attempts)
        found = [one for attempt in tried.values() for one in attempt.refusals]
        if not tried:
            found = _computed(need, account, privileges)
        refusals += found
        readable = sum(attempt.readable for attempt in tried.values())
        unavailable += bool(tried) and all(attempt.unknown for attempt in tried.values())
        works += bool(readable) or not found
    if unavailable and unavailable == len(needs):
        return Finding(feature=feature, verdict=Verdict.UNAVAILABLE)
    if refusals:
        in_part = bool(works)
        return Finding(
            feature=feature,
            verdict=Verdict.MISSING,
            refusals=merged(refusals),
            hidden=tuple(hidden),
            in_part=in_part,
        )
    if hidden:
        return Finding(feature=feature, verdict=Verdict.INVISIBLE, hidden=tuple(hidden), in_part=blind < len(needs))
    return Finding(feature=feature, verdict=Verdict.WORKS)


def _computed(need: str, account: Account, privileges: Mapping[str, str]) -> list[Refusal]:
    """What the tables ask for and the account does not hold on the top; nothing where vCenter did not say."""
    privilege = privileges.get(need)
    if privilege is None or account.held.get(privilege) is not False:
        return []
    return [Refusal(privilege=privilege, objects=(TOP,))]


TOP = "the top folder"


def counted(findings: Sequence[Finding]) -> Mapping[Verdict, int]:
    """How many features stand how; all verdicts, in their order."""
    return {verdict: sum(one.verdict is verdict for one in findings) for verdict in Verdict}
