"""What the ledger's states, causes and evidence are called where people read them: status page and command line."""

from collections.abc import Mapping, Sequence

from agent.model.availability import Cause, Evidence, EvidenceKind, State

STATES: Mapping[State, str] = {
    State.UP: "up",
    State.DOWN: "down",
    State.SUSPENDED: "suspended",
    State.GUEST_SILENT: "guest silent",
    State.CONNECTED: "connected",
    State.NOT_RESPONDING: "not responding",
    State.DISCONNECTED: "disconnected",
    State.MAINTENANCE: "maintenance",
    State.ACCESSIBLE: "accessible",
    State.INACCESSIBLE: "inaccessible",
    State.UNKNOWN: "unknown",
}
CAUSES: Mapping[Cause, str] = {
    Cause.POWER_OFF: "switched off",
    Cause.GUEST_SHUTDOWN: "guest shut down",
    Cause.SUSPEND: "suspended",
    Cause.HOST_FAILURE: "host failed",
    Cause.HOST_ISOLATION: "host isolated",
    Cause.CRASH: "crashed",
    Cause.RESET: "reset",
    Cause.GUEST_REBOOT: "guest rebooted",
    Cause.HANG: "no heartbeat",
    Cause.DATASTORE_LOSS: "datastore lost",
    Cause.REMOVED: "removed",
    Cause.NOT_CREATED: "not created yet",
    Cause.MIGRATION: "migrated",
    Cause.RESTART_UNSEEN: "restarted unseen",
    Cause.AGENT_OFF: "agent was off",
    Cause.VCENTER_AWAY: "vCenter was away",
    Cause.HOST_NOT_RESPONDING: "host not responding",
    Cause.HOST_DISCONNECTED: "host disconnected",
    Cause.NOT_CONNECTED: "VM not connected",
    Cause.EVENTS_PURGED: "events deleted by vCenter",
    Cause.EVENTS_UNREAD: "events not read yet",
    Cause.NOT_VISIBLE: "not visible to the account",
    Cause.CLOCK_JUMP: "vCenter's clock jumped",
    Cause.CONTRADICTION: "evidence contradicts itself",
    Cause.NEVER_OBSERVED: "never observed",
    Cause.SHUTDOWN: "shut down",
}


def cause_words(cause: Cause | None, who: str | None = None) -> str:
    """Why, and who did it: `switched off by user@domain`."""
    words = CAUSES[cause] if cause is not None else ""
    return f"{words} by {who}".strip() if who else words


def evidence_words(piece: Evidence) -> str:
    """One piece, as it can be looked up: `VmPoweredOffEvent 4711`, `runtime.powerState=poweredOff`, `sys.uptime.latest=86400`."""
    about = f" of {piece.about}" if piece.about else ""
    if piece.kind is EvidenceKind.EVENT:
        return f"{piece.name} {piece.event_key}{about}"
    return f"{piece.name}={piece.value}{about}"


def all_evidence_words(pieces: Sequence[Evidence], most: int) -> str:
    """The first `most` pieces, and how many more there are."""
    shown = ", ".join(evidence_words(piece) for piece in pieces[:most])
    return f"{shown} and {len(pieces) - most} more" if len(pieces) > most else shown
