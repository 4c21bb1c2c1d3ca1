"""vCenter itself."""

from collections.abc import Iterable

from agent.model.about import About
from exporters.prometheus.family import Family, info
from exporters.prometheus.section import Section, Sight, Subject

FAMILIES: tuple[Family[About], ...] = (
    info(
        About,
        "vsphere_vcenter_info",
        "What answers: vCenter (api_type VirtualCenter) or a standalone host (HostAgent), its version and identity.",
        product="name",
        version="version",
        build="build",
        patch_level="patch_level",
        api_type="api_type",
        api_version="api_version",
        instance_uuid="instance_uuid",
    ),
)


def _subjects(sight: Sight) -> Iterable[Subject[About]]:
    yield Subject("", (sight.vcenter,), sight.inventory.about)


SECTION = Section(title="vCenter", labels=("vcenter",), families=FAMILIES, subjects=_subjects)
