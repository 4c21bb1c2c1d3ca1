from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset({"AlarmRemovedEvent", "AlarmReconfiguredEvent", "AlarmClearedEvent"})


@check(VCENTER, State.INFO, events=_KINDS)
def alarm_definition_changed(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """Somebody removed, changed or cleared an alarm.

    Meaning: by hand: the alarm's definition was altered, or a standing alarm was set back to green.
    Impact: a fault may stand without an alarm.
    Ask the vendor: what for, and was the cause removed or only its sign?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.INFO, happening.newest.message or f"an alarm was changed ({happening.newest.kind})")


_CLEARED = happened("AlarmClearedEvent", user="DRIFT\\ole", message="Manually cleared alarm 'Fan status' on esx1")
alarm_definition_changed.fires(given=Given(events=(_CLEARED,)))
alarm_definition_changed.silent(given=Given(events=()))
