"""From the configuration to what the room that reads vCenter asks for."""

from agent.config import VCenterConfig
from agent.vcenter.endpoint import Endpoint


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
