"""What stands beside the inventory: alarm definitions, licences, custom attribute names."""

import hashlib
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from agent.errors import NotPermitted, Refused
from agent.model.alarm import AlarmDefinition
from agent.model.inventory import Unreadable
from agent.model.licence import Licence
from agent.model.property import Pace
from agent.vcenter.changes import paths_for
from agent.vcenter.decode import record_decoder
from agent.vcenter.session import Session

_V = "{urn:vim25}"


class Definitions(NamedTuple):
    """`None` where vCenter did not say; `unreadable` names what it refused."""

    alarms: Mapping[str, AlarmDefinition]
    licences: tuple[Licence, ...] | None
    custom_fields: Mapping[int, str] | None
    unreadable: tuple[Unreadable, ...]


def read_definitions(session: Session) -> Definitions:
    """Read all of them; what the account may not see is left out and named.

    Raises:
        VCenterError: vCenter could not be asked.
    """
    unreadable: list[Unreadable] = []
    return Definitions(
        _alarms(session, unreadable),
        _licences(session, unreadable),
        _custom_fields(session, unreadable),
        tuple(unreadable),
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


def _alarms(session: Session, unreadable: list[Unreadable]) -> dict[str, AlarmDefinition]:
    if session.content.alarmManager is None:
        return {}
    try:
        alarms = session.content.alarmManager.GetAlarm(None)
        paths = paths_for(session.stub.version, Pace.PUSHED, (AlarmDefinition,))
        return {
            change.moid: AlarmDefinition(moid=change.moid, **change.values)
            for change in session.reader.read_around(list(alarms or ()), paths)
        }
    except (NotPermitted, Refused) as error:
        unreadable.append(_refused("AlarmManager", "GetAlarm", error))
        return {}


def _licences(session: Session, unreadable: list[Unreadable]) -> tuple[Licence, ...] | None:
    value = _value(session, "licenseManager", "licenses", "LicenseManager", unreadable)
    return None if value is None else tuple(licence_of(item) for item in value)


def _custom_fields(session: Session, unreadable: list[Unreadable]) -> dict[int, str] | None:
    value = _value(session, "customFieldsManager", "field", "CustomFieldsManager", unreadable)
    if value is None:
        return None
    return {int(item.findtext(f"{_V}key") or "-1"): item.findtext(f"{_V}name") or "" for item in value}


def _value(session: Session, manager: str, path: str, kind: str, unreadable: list[Unreadable]) -> ET.Element | None:
    target = getattr(session.content, manager)
    if target is None:  # a standalone host has fewer managers
        return None
    try:
        value = session.reader.value_of(target, path)
    except (NotPermitted, Refused) as error:
        unreadable.append(_refused(kind, path, error))
        return None
    if value is None and path == "licenses":
        unreadable.append(
            Unreadable(vsphere_type=kind, moid="", path=path, fault="NoPermission", privilege="Global.Licenses")
        )
    return value


def _refused(kind: str, path: str, error: NotPermitted | Refused) -> Unreadable:
    privilege = error.privilege if isinstance(error, NotPermitted) else None
    return Unreadable(vsphere_type=kind, moid="", path=path, fault=error.kind, privilege=privilege)
