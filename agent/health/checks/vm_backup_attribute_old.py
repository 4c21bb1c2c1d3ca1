from datetime import UTC, datetime, timedelta
from functools import lru_cache

from agent.health.catalogue import Faults, check
from agent.health.example import Given
from agent.health.grading import at_least
from agent.health.look import Look
from agent.health.subjects import MACHINE, VM
from agent.health.wording import length
from agent.model.health import Fault, State
from agent.model.virtual_machine import CustomValue, VirtualMachine

_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y", "%d.%m.%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S")
_NAMES = ("Last backup", "Last Backup", "Last EMC vProxy Backup", "NB_LAST_BACKUP")


@lru_cache(maxsize=20_000)  # the same text is read every minute until the next backup
def _when(text: str) -> datetime | None:
    """The time that an attribute holds, in UTC where it names no zone."""
    for form in (None, *_FORMATS):
        try:
            found = datetime.fromisoformat(text) if form is None else datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return None


def _keys(look: Look, attributes: tuple[str, ...]) -> frozenset[int]:
    return frozenset(key for key, name in (look.inventory.custom_fields or {}).items() if name in attributes)


@check(VM, State.WARNING, State.CRITICAL, needs=("custom_values",), also=("CustomFieldsManager.field",), when=MACHINE)
def vm_backup_attribute_old(
    vm: VirtualMachine,
    look: Look,
    *,
    warning_hours: float = 36,
    critical_hours: float = 72,
    attributes: tuple[str, ...] = _NAMES,
) -> Faults:
    """By the backup product's own note on a VM, its last backup is too old, or there is none.

    Meaning: backup products write the time of the last backup into a custom attribute of the VM. Where vCenter has no
    such attribute, nothing is said. It is the vendor's own word, and no proof that a restore works.
    Impact: after a loss, everything since then is gone.
    Ask the vendor: why was it not backed up, and when was it last restored as a trial?
    """
    keys = look.once(_keys, attributes)
    if not keys:
        return
    texts = [one.value for one in vm.custom_values or () if one.key in keys and one.value]
    times = [at for text in texts if (at := _when(text.strip())) is not None]
    if texts and not times:
        yield Fault(State.WARNING, f"its backup attribute cannot be read as a time: {texts[0]!r}")
    elif not times:
        yield Fault(State.WARNING, "no backup was ever noted on it")
    else:
        age = look.age(max(times))
        if state := at_least(age / timedelta(hours=1), warning=warning_hours, critical=critical_hours):
            yield Fault(state, f"its last backup is {length(age)} old")


_FIELDS = Given(inventory={"custom_fields": {102: "Last backup"}})
vm_backup_attribute_old.fires(custom_values=(CustomValue(key=102, value="2026-11-20T01:00:00Z"),), given=_FIELDS)
vm_backup_attribute_old.silent(custom_values=(CustomValue(key=102, value="2026-11-24T01:00:00Z"),), given=_FIELDS)
