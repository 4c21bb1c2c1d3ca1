"""Licences: `LicenseManager.licenses`. The key itself is never read into the model."""

from datetime import datetime

from agent.dataclass import dataclass
from agent.model.property import prop


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """One licence. `id` is a digest of the key, so that two of one edition stay apart without showing the key."""

    id: str | None = None
    name: str | None = prop("name")
    edition: str | None = prop("editionKey")
    cost_unit: str | None = prop("costUnit")
    total: int | None = prop("total")
    used: int | None = prop("used")
    expires: datetime | None = None
    labels: tuple[str, ...] | None = None
    assigned_to: tuple[str, ...] | None = None
    """moids of hosts, and the instanceUuid of vCenter; None: not told"""
