"""Every section of the page, in the order of the page."""

from typing import Any

from agent.model.world import Target, World
from exporters.prometheus.family import Family
from exporters.prometheus.metrics import (
    agent,
    alarm,
    billing,
    claims,
    cluster,
    collector,
    connection,
    datastore,
    health,
    host,
    host_links,
    host_placement,
    labels,
    ledger,
    licence,
    network,
    performance,
    performance_state,
    remote_write,
    resource_pool,
    sensor,
    storage_pod,
    vcenter,
    vm,
    vm_attention,
    vm_placement,
)
from exporters.prometheus.section import Section, Sight

INVENTORY: tuple[Section[Sight, Any], ...] = (
    vcenter.SECTION,
    vm.SECTION,
    vm_attention.SECTION,
    vm_placement.SECTION,
    host.SECTION,
    host_links.SECTION,
    host_placement.SECTION,
    sensor.SECTION,
    cluster.SECTION,
    cluster.PLACEMENT_SECTION,
    datastore.SECTION,
    datastore.PLACEMENT_SECTION,
    storage_pod.SECTION,
    resource_pool.SECTION,
    resource_pool.PLACEMENT_SECTION,
    network.SECTION,
    network.PORTGROUP_SECTION,
    alarm.SECTION,
    licence.SECTION,
    *labels.SECTIONS,
)
"""What vCenter told: leaves the page when it is stale."""

HEALTH: tuple[Section[Sight, Any], ...] = (health.CHECK_SECTION, health.FINDING_SECTION)
"""What the health checks made of it: leaves the page with it."""

PERFORMANCE = performance.default_sections()
"""The counters that are read by default; what a vCenter or the configuration adds makes more of the same."""

CONNECTIONS: tuple[Section[Target, Any], ...] = (
    connection.SECTION,
    collector.SECTION,
    performance_state.SECTION,
    ledger.SECTION,
    ledger.VM_SECTION,
    health.REPORT_SECTION,
)
"""What the agent knows by itself of every vCenter."""

OF_THE_WORLD: tuple[Section[World, Any], ...] = (
    claims.CLAIM_SECTION,
    claims.SLA_SECTION,
    claims.PAST_SECTION,
    billing.BILL_SECTION,
    billing.LINE_SECTION,
    billing.INCIDENT_SECTION,
    claims.STATUS_SECTION,
    remote_write.SECTION,
)
"""What the contract is worth, over all vCenters, and what goes elsewhere than to this page."""

AGENT = agent.SECTION


def sections() -> tuple[Section[Any, Any], ...]:
    """All of them."""
    return (*INVENTORY, *PERFORMANCE, *HEALTH, *CONNECTIONS, *OF_THE_WORLD, AGENT)


def families() -> tuple[tuple[Section[Any, Any], Family[Any]], ...]:
    """Every metric with its section."""
    return tuple((section, family) for section in sections() for family in section.families)
