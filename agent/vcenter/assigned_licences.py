"""Licences as they are assigned: what an account sees that may not list all of vCenter's."""

import hashlib
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pyVmomi import vim

from agent.model.licence import Licence
from agent.vcenter.session import Session


def assigned_licences(session: Session) -> tuple[Licence, ...] | None:
    """The licences of `LicenseAssignmentManager.QueryAssignedLicenses`, each once; None if there is no such manager.

    Raises:
        VCenterError: it cannot be asked, or refuses.
    """
    reference = session.reader.value_of(session.content.licenseManager, "licenseAssignmentManager")
    if reference is None or not reference.text:
        return None
    manager = vim.LicenseAssignmentManager(reference.text, session.stub)
    found: dict[str | None, Licence] = {}
    entities: defaultdict[str | None, list[str]] = defaultdict(list)
    for assignment in manager.QueryAssignedLicenses(None) or ():
        licence = _licence(assignment.assignedLicense)
        found[licence.id] = licence
        entities[licence.id].append(assignment.entityId)
    return tuple(replace(licence, assigned_to=tuple(sorted(entities[key]))) for key, licence in found.items())


def _licence(info: Any) -> Licence:
    expires = None
    for pair in info.properties or ():
        if pair.key == "expirationDate" and isinstance(pair.value, datetime):
            expires = pair.value.replace(tzinfo=UTC) if pair.value.tzinfo is None else pair.value.astimezone(UTC)
    return Licence(
        id=hashlib.sha256((info.licenseKey or "").encode()).hexdigest()[:12],
        name=info.name,
        edition=info.editionKey,
        cost_unit=info.costUnit,
        total=info.total,
        used=info.used,
        expires=expires,
        labels=tuple(pair.value or "" for pair in info.labels or ()),
    )
