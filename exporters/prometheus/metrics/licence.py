"""Licences. The key never gets here; the id is a digest of it."""

from collections.abc import Iterable

from agent.model.licence import Licence
from exporters.prometheus.family import Family, Origin, gauge, info
from exporters.prometheus.section import Section, Sight, Subject

LABELS = ("vcenter", "licence_id", "licence_name")


FAMILIES: tuple[Family[Licence], ...] = (
    info(
        Licence,
        "vsphere_licence_info",
        "What the licence is counted by (cost_unit, e.g. cpuPackage, core) and its edition.",
        edition="edition",
        cost_unit="cost_unit",
    ),
    gauge(
        Licence,
        "vsphere_licence_capacity",
        "Units licensed, in the cost_unit of vsphere_licence_info; 0 is vCenter's word for without limit.",
        "total",
    ),
    gauge(
        Licence,
        "vsphere_licence_used",
        "Units in use, in the cost_unit of vsphere_licence_info.",
        "used",
    ),
    Family(
        name="vsphere_licence_expiry_timestamp_seconds",
        help="When the licence expires; absent where it never does.",
        source=(Origin("LicenseManager.licenses.properties.expirationDate", None),),
        samples=lambda licence: (((), licence.expires.timestamp() if licence.expires else None),),
    ),
)


def _subjects(sight: Sight) -> Iterable[Subject[Licence]]:
    for licence in sight.inventory.licences or ():
        labels = sight.labels(licence.id, licence.name)
        yield Subject("/".join(labels), labels, licence)


SECTION = Section(title="Licences", labels=LABELS, families=FAMILIES, subjects=_subjects)
