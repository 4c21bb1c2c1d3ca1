"""An alert for each health check: its rules, and its runbook page, made from what the check says of itself."""

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from agent.dataclass import dataclass
from agent.health.catalogue import Check, catalogue
from agent.model.health import State

BY_HAND: Mapping[str, str] = MappingProxyType(
    {
        "cluster_failover": "VsphereHaRestarts",
        "datastore_filling": "VsphereDatastoreFillingUp",
        "datastore_inaccessible": "VsphereDatastoreInaccessible",
        "datastore_nearly_full": "VsphereDatastoreNearlyFull",
        "host_hardware_bad": "VsphereHostHardwareRed",
        "host_in_maintenance": "VsphereHostMaintenanceLong",
        "host_network_drops": "VsphereHostPacketsDropped",
        "host_nic_down": "VsphereHostLinkDown",
        "host_not_connected": "VsphereHostNotResponding",
        "host_path_dead": "VsphereHostPathsDead",
        "host_rebooted": "VsphereHostRebooted",
        "vcenter_clock_off": "VsphereClockOffset",
        "vcenter_events_late": "CheckmeterEventsUnread",
        "vcenter_reading_late": "CheckmeterDataStale",
        "vm_cpu_ready": "VsphereVmCpuReady",
        "vm_disk_latency_high": "VsphereVmDiskLatency",
        "vm_heartbeat_lost": "VsphereGuestHeartbeatRed",
        "vm_memory_swapping": "VsphereVmSwapping",
        "vm_out_of_reach": "VsphereVmInaccessible",
        "vm_question_pending": "VsphereVmQuestionPending",
        "vm_restarted_by_ha": "VsphereHaRestarts",
        "vm_snapshot_old": "VsphereSnapshotTooOld",
    }
)
"""Checks whose fault an alert written by hand reports already; nobody is to be told twice."""
_SCOPES = {"vm", "host", "cluster", "datastore"}
_LONGEST_SUMMARY = 78
_NAME = 20
_SEVERITIES = (State.WARNING, State.CRITICAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One rule: a check at one severity."""

    check: Check
    severity: State

    @property
    def name(self) -> str:
        """`HealthVmSnapshotLarge`."""
        return alert_name(self.check)

    @property
    def scope(self) -> str:
        """Whose id label it carries; findings of any kind of object, and those by events, are of an `object`."""
        return self.check.about.name if self.check.about.name in _SCOPES else "object"

    @property
    def id_label(self) -> str:
        """`vm_id`, or `entity_id`."""
        return "entity_id" if self.scope == "object" else f"{self.scope}_id"

    @property
    def name_label(self) -> str:
        """`vm_name`, or `entity_name`."""
        return "entity_name" if self.scope == "object" else f"{self.scope}_name"

    @property
    def expr(self) -> str:
        """The object's worst finding of this check; two agents on one vCenter count as one."""
        labels = (
            "vcenter, entity_type, entity_id, entity_name"
            if self.scope == "object"
            else "vcenter, entity_id, entity_name"
        )
        found = f'max by ({labels}) (vsphere_health_finding{{check="{self.check.name}", severity="{self.severity}"}})'
        if self.scope == "object":
            return found
        identified = f'label_replace({found}, "{self.id_label}", "$1", "entity_id", "(.*)")'
        named = f'label_replace({identified}, "{self.name_label}", "$1", "entity_name", "(.*)")'
        return f"max by (vcenter, {self.id_label}, {self.name_label}) ({named})"

    @property
    def minutes(self) -> int:
        """How long it must stand."""
        return round(self.check.lasting.total_seconds() / 60)

    @property
    def summary(self) -> str:
        """The object and the title, or, where that is too long for a telephone, the name of the check in words."""
        name = f"{{{{ $labels.{self.name_label} }}}}: "
        title = self.check.title
        if not title[1:2].isupper():  # HA stays HA
            title = title[:1].lower() + title[1:]
        return name + (title if len(title) + _NAME + 2 <= _LONGEST_SUMMARY else self.check.name.replace("_", " "))

    @property
    def description(self) -> str:
        """What it means, what it does, and where the figures are."""
        return (
            f"On {{{{ $labels.vcenter }}}}: {self.check.title}. {_sentence(self.check.impact)} The sentence with the figures "
            f"is on the status page, or from `checkmeter health --check {self.check.name}`."
        )

    @property
    def annotations(self) -> dict[str, str]:
        """All of its texts."""
        return {
            "summary": self.summary,
            "description": self.description,
            "runbook_url": f"dashboards/runbooks/{self.name}.md",
        }

    @property
    def labels(self) -> dict[str, str]:
        """How urgent, about what, and for whom."""
        return {"severity": self.severity.value, "scope": self.scope, "audience": "vendor"}


def alert_name(check: Check) -> str:
    """`vm_snapshot_large` as `HealthVmSnapshotLarge`."""
    return "Health" + "".join(word.capitalize() for word in check.name.split("_"))


def alerts() -> Iterator[Alert]:
    """Every check at each severity at which somebody is told; what is only worth knowing tells nobody."""
    for check in catalogue().values():
        if check.name not in BY_HAND:
            yield from (Alert(check=check, severity=state) for state in _SEVERITIES if state in check.states)


def rules() -> str:
    """The file of rules."""
    lines = [
        "# Generated from agent/health/checks by `python -m dashboards.health`; a test holds it fresh.",
        "# They wait for the morning, however bad (see alertmanager.yml): what cannot wait has an alert written by hand.",
        "# The labels are explained in meter.rules.yml; scope `object` is any other object, by entity_type and entity_id.",
        "groups:",
        "  - name: checkmeter-health",
        "    rules:",
    ]
    for alert in alerts():
        lines += [f"      - alert: {alert.name}", f"        expr: {json.dumps(alert.expr)}"]
        if alert.minutes:
            lines.append(f"        for: {alert.minutes}m")
        lines.append(f"        labels: {json.dumps(alert.labels)}")
        lines.append("        annotations:")
        lines += [f"          {key}: {json.dumps(text, ensure_ascii=False)}" for key, text in alert.annotations.items()]
    return "\n".join(lines) + "\n"


def runbooks() -> dict[str, str]:
    """The pages by the name of the alert."""
    return {alert.name: _runbook(alert) for alert in alerts()}


def _runbook(alert: Alert) -> str:
    check = alert.check
    thresholds = ", ".join(f"`{name}` ({value})" for name, value in check.thresholds.items())
    tuned = f"Its thresholds are {thresholds}. " if thresholds else ""
    lasting = f" It has to stand for {alert.minutes} minutes." if alert.minutes else ""
    return (
        f"# {alert.name}\n\n"
        f"## Meaning\n{check.title}. {_sentence(check.meaning)}{lasting}\n\n"
        f"## Impact\n{_sentence(check.impact)}\n\n"
        "## Diagnosis\n"
        f"1. `checkmeter health --check {check.name}`, or the table of findings on the status page, has the sentence with the\n"
        "   figures and since when it stands; with `--json` each finding has its source, its value and when it was read.\n"
        f"2. Where it is read: {', '.join(f'`{source}`' for source in check.sources)}.\n\n"
        "## What to do\n"
        f"{tuned}Change them, for all objects or for some, under `health` in the configuration. What may stand for a while\n"
        "gets an entry in the acknowledgements file, with the reason and a last day.\n\n"
        "## What to send the vendor\n"
        f"The finding with its evidence, and the question: {check.ask}\n"
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
