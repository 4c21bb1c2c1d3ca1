"""From the configuration to what the room that reads vCenter asks for."""

from typing import TYPE_CHECKING

from agent.config import Config, PerformanceConfig, VCenterConfig
from agent.model.counter_uses import DEFAULT_COUNTERS
from agent.model.performance import CounterUse
from agent.model.vmware_exporter_counters import with_newest
from agent.vcenter.endpoint import Endpoint

if TYPE_CHECKING:
    from agent.collectors.performance import PerformanceSettings
    from exporters.vmware_exporter.route import Served


def endpoint(vcenter: VCenterConfig) -> Endpoint:
    """Where `vcenter` is, how to trust it and how often to read it."""
    return Endpoint(
        name=vcenter.name,
        host=vcenter.host,
        port=vcenter.port,
        username=vcenter.username,
        ca_file=vcenter.tls.ca_file,
        fingerprint=vcenter.tls.fingerprint,
        strict=vcenter.tls.strict,
        proxy=vcenter.proxy,
        timeout_s=vcenter.timeout.total_seconds(),
        interval_s=vcenter.interval.total_seconds(),
        slow_interval_s=vcenter.slow_interval.total_seconds(),
    )


def performance_settings(
    performance: PerformanceConfig, *, vmware_exporter: bool = False
) -> "PerformanceSettings | None":
    """Which counters to read, with those of `vmware_exporter` where its names are served; None when none are wanted."""
    if not performance.enabled:
        return None
    from agent.collectors.performance import PerformanceSettings  # noqa: PLC0415 - the first page goes without counters

    counters = dict(DEFAULT_COUNTERS)
    for kind, names in performance.counters.items():
        # what an additional counter is, vCenter itself says
        more = tuple(CounterUse(name=name, unit="", stats_type="") for name in names)
        counters[kind] = (
            *counters[kind],
            *(use for use in more if use.name not in {one.name for one in counters[kind]}),
        )
    if vmware_exporter:
        counters = {kind: with_newest(uses, kind) for kind, uses in counters.items()}
    return PerformanceSettings(
        interval_s=performance.interval.total_seconds(),
        counters=counters,
        instances={kind: frozenset(groups) for kind, groups in performance.instances.items()},
    )


def served_as(config: Config) -> "tuple[Served, ...]":
    """The vCenters that are served under vmware_exporter's names, in the order of the configuration."""
    from exporters.vmware_exporter.page import Wanted  # noqa: PLC0415 - only who serves those names needs it
    from exporters.vmware_exporter.route import Served  # noqa: PLC0415 - as above

    return tuple(
        Served(
            name=one.name,
            host=one.host,
            port=one.port,
            wanted=Wanted(
                sections=frozenset(one.vmware_exporter.sections),
                alarms=one.vmware_exporter.alarms,
                tags=one.vmware_exporter.tags,
                attributes=one.vmware_exporter.custom_attributes,
            ),
        )
        for one in config.vcenters
        if one.vmware_exporter.enabled
    )
