"""How the agent stands with each vCenter: connection, traffic, and what it could not see."""

from collections import Counter
from collections.abc import Iterable

from agent.errors import VCenterError
from agent.model.world import Target
from exporters.prometheus.family import AGENT, Family, Kind, Origin, Sample
from exporters.prometheus.section import Section, Subject

PROBLEMS = tuple(sorted({VCenterError.kind, *(error.kind for error in VCenterError.__subclasses__())}))
"""Every kind of agent.errors."""


def _problem(target: Target) -> Iterable[Sample]:
    current = target.problem.kind if target.problem else None
    for kind in dict.fromkeys((*PROBLEMS, *((current,) if current else ()))):
        yield (kind,), kind == current


def _skipped(target: Target) -> Iterable[Sample]:
    skipped = {(one.vsphere_type, one.moid) for one in (target.inventory.skipped if target.inventory else ())}
    for kind, count in sorted(Counter(kind for kind, _ in skipped).items()):
        yield (kind,), count


def _unreadable(target: Target) -> Iterable[Sample]:
    refused = Counter(
        (one.vsphere_type, one.path, one.privilege or "")
        for one in (target.inventory.unreadable if target.inventory else ())
    )
    yield from sorted(refused.items())


FAMILIES: tuple[Family[Target], ...] = (
    Family(
        name="checkmeter_vcenter_up",
        help="Whether the agent has a working session with vCenter.",
        source=AGENT,
        samples=lambda target: (((), target.up),),
    ),
    Family(
        name="checkmeter_vcenter_problem",
        help="What stands between the agent and vCenter: 1 for the kind of problem there is.",
        source=AGENT,
        labels=("kind",),
        states=PROBLEMS,
        samples=_problem,
    ),
    Family(
        name="checkmeter_vcenter_login_blocked",
        help="Whether logins stopped, so that the account is not locked, until the credential changes.",
        source=AGENT,
        samples=lambda target: (((), target.login_blocked),),
    ),
    Family(
        name="checkmeter_vcenter_clock_offset_seconds",
        help="Clock of vCenter minus clock of the agent.",
        source=AGENT,
        samples=lambda target: (((), target.clock_offset_s),),
    ),
    Family(
        name="checkmeter_vcenter_connected_since_timestamp_seconds",
        help="When the present session began; absent without one.",
        source=AGENT,
        samples=lambda target: (((), target.connected_since.timestamp() if target.connected_since else None),),
    ),
    Family(
        name="vsphere_vcenter_certificate_expiry_timestamp_seconds",
        help="When the certificate that vCenter showed at the last connection expires.",
        source=(Origin("TLS handshake", None),),
        samples=lambda target: (((), target.certificate_expires.timestamp() if target.certificate_expires else None),),
    ),
    Family(
        name="checkmeter_vcenter_calls_total",
        help="SOAP calls made.",
        source=AGENT,
        kind=Kind.COUNTER,
        labels=("method",),
        samples=lambda target: (((method,), count) for method, count in sorted(target.calls.calls.items())),
    ),
    Family(
        name="checkmeter_vcenter_call_seconds_total",
        help="Time spent waiting for answers; of WaitForUpdatesEx most is waiting for something to happen.",
        source=AGENT,
        kind=Kind.COUNTER,
        labels=("method",),
        samples=lambda target: (((method,), seconds) for method, seconds in sorted(target.calls.seconds.items())),
    ),
    Family(
        name="checkmeter_vcenter_errors_total",
        help="Calls that failed, by the kind of problem.",
        source=AGENT,
        kind=Kind.COUNTER,
        labels=("kind",),
        samples=lambda target: (((kind,), count) for kind, count in sorted(target.calls.errors.items())),
    ),
    Family(
        name="checkmeter_vcenter_received_bytes_total",
        help="Bytes of answers received.",
        source=AGENT,
        kind=Kind.COUNTER,
        samples=lambda target: (((), target.calls.bytes_received),),
    ),
    Family(
        name="checkmeter_vcenter_logins_total",
        help="Logins made.",
        source=AGENT,
        kind=Kind.COUNTER,
        samples=lambda target: (((), target.calls.logins),),
    ),
    Family(
        name="checkmeter_skipped_objects",
        help="Objects of which something could not be understood and was left out, by type.",
        source=AGENT,
        labels=("object",),
        samples=_skipped,
    ),
    Family(
        name="checkmeter_unreadable_properties",
        help="Objects of which vCenter refused a property, and the privilege that the account lacks for it.",
        source=AGENT,
        labels=("object", "property", "privilege"),
        samples=_unreadable,
    ),
)


def _subjects(target: Target) -> Iterable[Subject[Target]]:
    yield Subject("", (target.name,), target)


SECTION = Section(title="Connection to vCenter", labels=("vcenter",), families=FAMILIES, subjects=_subjects)
