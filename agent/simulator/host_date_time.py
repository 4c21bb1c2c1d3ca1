"""HostDateTimeSystem: a host's own clock, which may differ from vCenter's."""

from datetime import datetime, timedelta

from agent.simulator.call import Call


def QueryDateTime(call: Call) -> datetime:
    """The host's time: vCenter's, moved by what the estate says of the host in `clock_offsets` (seconds)."""
    estate = call.estate
    for moid, seconds in estate.clock_offsets.items():
        if moid in estate and estate.get(moid, "configManager.dateTimeSystem") == call.this.ref:
            return estate.now() + timedelta(seconds=seconds)
    return estate.now()
