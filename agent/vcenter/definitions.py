"""What stands beside the inventory: alarm definitions, licences, custom attribute names."""

import hashlib
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from agent.dataclass import dataclass
from agent.errors import NotPermitted, Refused, Undecodable
from agent.model.alarm import AlarmDefinition
from agent.model.inventory import Skipped, Unreadable
from agent.model.licence import Licence
from agent.model.property import Pace
from agent.vcenter.assigned_licences import assigned_licences
from agent.vcenter.changes import paths_for
from agent.vcenter.decode import record_decoder
from agent.vcenter.session import Session

_V = "{urn:vim25}"
T = TypeVar("T")


class Definitions(NamedTuple):
    """`None` where vCenter did not say; `unreadable` names what it refused, `skipped` what cannot be understood."""

    alarms: Mapping[str, AlarmDefinition]
    licences: tuple[Licence, ...] | None
    custom_fields: Mapping[int, str] | None
    unreadable: tuple[Unreadable, ...]
    skipped: tuple[Skipped, ...]


@dataclass(slots=True)
class _Gaps:
    """What is missing from the definitions."""

    unreadable: list[Unreadable] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def skip(self, kind: str, path: str, error: Exception) -> None:
        reason = error.problem if isinstance(error, Undecodable) else f"{type(error).__name__}: {error}"
        self.skipped.append(Skipped(vsphere_type=kind, moid="", path=path, reason=reason[:200]))


def read_definitions(session: Session) -> Definitions:
    """Read all of them; what the account may not see, or cannot be understood, is left out and named.

    Raises:
        VCenterError: vCenter could not be asked.
    """
    gaps = _Gaps()
    return Definitions(
        _alarms(session, gaps),
        _licences(session, gaps),
        _custom_fields(session, gaps),
        tuple(gaps.unreadable),
        tuple(gaps.skipped),
    )


def licence_of(element: ET.Element) -> Licence:
    """A LicenseManagerLicenseInfo element. The key is digested, never kept."""
    licence: Licence = record_decoder(Licence, "vim.LicenseManager.LicenseInfo")(element)
    key = element.findtext(f"{_V}licenseKey") or ""
    expires = None
    for pair in element.findall(f"{_V}properties"):
        if pair.findtext(f"{_V}key") == "expirationDate":
            expires = datetime.fromisoformat(pair.findtext(f"{_V}value") or "").astimezone(UTC)
    labels = tuple(pair.findtext(f"{_V}value") or "" for pair in element.findall(f"{_V}labels"))
    return Licence(
        id=hashlib.sha256(key.encode()).hexdigest()[:12],
        name=licence.name,
        edition=licence.edition,
        cost_unit=licence.cost_unit,
        total=licence.total,
        used=licence.used,
        expires=expires,
        labels=labels,
    )


def _alarms(session: Session, gaps: _Gaps) -> dict[str, AlarmDefinition]:
    if session.content.alarmManager is None:
        return {}
    found: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    try:
        alarms = session.content.alarmManager.GetAlarm(None)
        paths = paths_for(session.stub.version, Pace.PUSHED, (AlarmDefinition,))
        for change in session.reader.read_around(list(alarms or ()), paths):
            found[change.moid] |= change.values
            gaps.unreadable += change.unreadable.values()
            gaps.skipped += change.skipped.values()
    except (NotPermitted, Refused) as error:
        gaps.unreadable.append(_refused("AlarmManager", "GetAlarm", error))
    except Undecodable as error:
        gaps.skip("AlarmManager", "GetAlarm", error)
    return {moid: AlarmDefinition(moid=moid, **values) for moid, values in found.items()}


def _licences(session: Session, gaps: _Gaps) -> tuple[Licence, ...] | None:
    kind, path = "LicenseManager", "licenses"
    value = _value(session, "licenseManager", path, kind, gaps)
    if session.content.licenseManager is None:
        return None
    try:
        assigned = assigned_licences(session)
    except (NotPermitted, Refused, Undecodable):
        assigned = None  # that the list itself is refused is among the gaps already
    if value is None:
        return assigned
    uses = None if assigned is None else {licence.id: licence.assigned_to for licence in assigned}
    listed = _each(value, licence_of, kind, path, gaps)
    return tuple(one if uses is None else replace(one, assigned_to=uses.get(one.id, ())) for one in listed)


def _custom_fields(session: Session, gaps: _Gaps) -> dict[int, str] | None:
    kind, path = "CustomFieldsManager", "field"
    value = _value(session, "customFieldsManager", path, kind, gaps)
    return None if value is None else dict(_each(value, _custom_field, kind, path, gaps))


def _custom_field(element: ET.Element) -> tuple[int, str]:
    return int(element.findtext(f"{_V}key") or ""), element.findtext(f"{_V}name") or ""


def _each(items: Iterable[ET.Element], read: Callable[[ET.Element], T], kind: str, path: str, gaps: _Gaps) -> list[T]:
    """Those that can be understood: one bad entry must not cost the others."""
    found = []
    for item in items:
        try:
            found.append(read(item))
        except (ValueError, OverflowError) as error:
            gaps.skip(kind, path, error)
    return found


def _value(session: Session, manager: str, path: str, kind: str, gaps: _Gaps) -> ET.Element | None:
    target = getattr(session.content, manager)
    if target is None:  # a standalone host has fewer managers
        return None
    try:
        value = session.reader.value_of(target, path)
    except (NotPermitted, Refused) as error:
        gaps.unreadable.append(_refused(kind, path, error))
        return None
    except Undecodable as error:
        gaps.skip(kind, path, error)
        return None
    if value is None and path == "licenses":
        gaps.unreadable.append(
            Unreadable(vsphere_type=kind, moid="", path=path, fault="NoPermission", privilege="Global.Licenses")
        )
    return value


def _refused(kind: str, path: str, error: NotPermitted | Refused) -> Unreadable:
    privilege = error.privilege if isinstance(error, NotPermitted) else None
    return Unreadable(vsphere_type=kind, moid="", path=path, fault=error.kind, privilege=privilege)
