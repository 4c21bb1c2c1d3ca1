"""From the configuration to what may be shown of tags and attributes, and to what service discovery asks for."""

from agent.config import DiscoveryConfig, LabelsConfig, SelectionConfig
from agent.model.labelling import Labelling
from agent.model.vm_selection import VmSelection
from exporters.service_discovery.settings import DiscoverySettings, PortRule


def labelling(config: LabelsConfig) -> Labelling:
    """What may be shown; the tags are still to be read."""
    return Labelling(attributes=frozenset(config.attributes), categories=frozenset(config.tags))


def selection(config: SelectionConfig) -> VmSelection:
    """Which VMs are meant."""
    return VmSelection(
        names=config.names,
        folders=tuple(folder.strip("/") for folder in config.folders),
        tags=config.tags,
        attributes=config.attributes,
        power_states=config.power_states,
        guests=config.guests,
    )


def discovery_settings(config: DiscoveryConfig) -> DiscoverySettings:
    """How VMs are addressed, and the ports and URLs to probe."""
    return DiscoverySettings(
        address=config.address,
        domain=config.domain or "",
        node_exporter_port=config.node_exporter_port,
        windows_exporter_port=config.windows_exporter_port,
        rules=tuple(
            PortRule(name=rule.name, selection=selection(rule), tcp=rule.tcp, http=rule.http) for rule in config.rules
        ),
    )
