"""What may stand in the configuration file: each key with its meaning, bounds and default."""

import ipaddress
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    Field,
    Strict,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from agent.config.claims import ClaimsConfig
from agent.config.counters import PerformanceConfig
from agent.config.discovery import DiscoveryConfig
from agent.config.durations import CallTimeout, QuickInterval, SlowInterval, format_duration
from agent.config.file_names import CredentialPath, FilePath
from agent.config.health import HealthConfig
from agent.config.labels import LabelsConfig
from agent.config.remote_write import RemoteWriteConfig
from agent.config.section import Section
from agent.config.storage import StorageConfig
from agent.config.vmware_exporter import VmwareExporterConfig

HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?", re.ASCII)
VCENTER_NAME = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
SHA1_DIGITS, SHA256_DIGITS = 40, 64


def _check(pattern: str, message: str) -> AfterValidator:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise PydanticCustomError("form", message)
        return text

    return AfterValidator(check)


def _host(text: str) -> str:
    if "://" in text:
        raise PydanticCustomError("host", "must be the name or address alone, without https:// and path")
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        pass
    if re.fullmatch(r"[^:]+:[0-9]+", bare):
        raise PydanticCustomError("host", "must be the name or address alone; the port has its own key, `port`")
    if not HOST_NAME.fullmatch(bare):
        raise PydanticCustomError("host", "must be a host name or an IP address")
    return bare


def _fingerprint(text: str) -> str:
    digits = text.replace(":", "").upper()
    if re.fullmatch(f"[0-9A-F]{{{SHA1_DIGITS}}}", digits):
        raise PydanticCustomError("fingerprint", "is a SHA-1 fingerprint; the SHA-256 one is needed")
    if not re.fullmatch(f"[0-9A-F]{{{SHA256_DIGITS}}}", digits):
        raise PydanticCustomError("fingerprint", "must be a SHA-256 fingerprint: 32 pairs of hexadecimal digits")
    return ":".join(digits[at : at + 2] for at in range(0, SHA256_DIGITS, 2))


def _proxy(text: str) -> str:
    parts = re.fullmatch(r"http://(?P<user>[^/@]*@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^/:@]+):(?P<port>[0-9]{1,5})/?", text)
    if parts is None or not 0 < int(parts["port"]) < 2**16:
        raise PydanticCustomError("proxy", "must be http://HOST:PORT")
    if parts["user"]:
        raise PydanticCustomError(
            "proxy", "must be http://HOST:PORT; a proxy that asks for a password is not supported"
        )
    return text.rstrip("/")


def _at_least_one(vcenters: Sequence[Any]) -> Sequence[Any]:
    if not vcenters:
        raise PydanticCustomError("no_vcenter", "no vCenter is configured: list at least one here")
    return vcenters


class TlsConfig(Section):
    """Whom to trust as this vCenter. Without `ca_file` and `fingerprint`: the CAs that this machine trusts."""

    ca_file: FilePath | None = Field(
        default=None,
        description="PEM file with the CA that signed vCenter's certificate (for VMware's own CA: the VMCA root, "
        "downloadable from vCenter's start page). A relative name is looked up beside the configuration file.",
        examples=["/etc/checkmeter/vmca.pem"],
    )
    fingerprint: Annotated[str, AfterValidator(_fingerprint)] | None = Field(
        default=None,
        description="SHA-256 fingerprint of vCenter's own certificate, which alone is then trusted, until it is "
        "replaced. Excludes `ca_file`.",
        examples=["AA:BB:…"],
    )
    strict: bool = Field(
        default=True,
        description="`false` takes back what Python 3.13 and later check beyond earlier versions, which refuses some "
        "older CAs (those without a key identifier); everything else is checked as before.",
    )

    @field_validator("fingerprint")
    @classmethod
    def _one_kind_of_trust(cls, fingerprint: str | None, info: ValidationInfo) -> str | None:
        if fingerprint is not None and info.data.get("ca_file") is not None:
            raise PydanticCustomError("both", "excludes `ca_file`: keep one of the two")
        return fingerprint


class VCenterConfig(Section):
    """One vCenter, or a standalone ESXi host."""

    name: Annotated[str, _check(VCENTER_NAME, "must be 1 to 63 of a-z, 0-9 and -, such as `dc1`")] = Field(
        description="What this vCenter is called in the label `vcenter` of every metric. Unique; 1 to 63 of a-z, 0-9 "
        "and `-`. Changing it starts new series.",
        examples=["dc1"],
        json_schema_extra={"pattern": VCENTER_NAME},
    )
    host: Annotated[str, AfterValidator(_host)] = Field(
        description="Host name or IP address (v4 or v6) of vCenter.", examples=["vcenter.example.dk"]
    )
    port: int = Field(default=443, ge=1, le=65535, description="TCP port of vCenter's API.")
    username: Annotated[str, _check(r".*\S.*", "must not be empty")] = Field(
        description="The read-only account to log in with.", examples=["checkmeter@vsphere.local"]
    )
    password_file: CredentialPath = Field(
        description="File that holds the password and nothing else (one line end is dropped). A relative name is "
        "looked up in `$CREDENTIALS_DIRECTORY`, where systemd's LoadCredential= puts it, then beside the configuration "
        "file. Refused when group or others may access it.",
        examples=["vcenter-dc1"],
    )
    tls: TlsConfig = Field(default=TlsConfig(), description="How vCenter proves that it is itself.")
    proxy: Annotated[str, AfterValidator(_proxy)] | None = Field(
        default=None,
        description="HTTP proxy to reach vCenter through (CONNECT; the proxy sees no more than the address). Proxy "
        "variables of the environment are ignored.",
        examples=["http://proxy.example.dk:3128"],
    )
    interval: QuickInterval = Field(
        default=timedelta(seconds=30),
        description="How often to read what vCenter does not announce by itself, such as CPU and memory use. 10s to 10m.",
    )
    slow_interval: SlowInterval = Field(
        default=timedelta(minutes=5),
        description="How often to read what is heavy and changes slowly, such as files on datastores. 1m to 1h, not "
        "shorter than `interval`.",
    )
    timeout: CallTimeout = Field(
        default=timedelta(seconds=30),
        description="How long vCenter may take for one answer. 1s to 10m.",
    )
    vmware_exporter: VmwareExporterConfig = Field(
        default=VmwareExporterConfig(),
        description="Metrics under the names of vmware_exporter, for dashboards that have them.",
    )

    @field_validator("slow_interval")
    @classmethod
    def _not_faster_than_quick(cls, slow_interval: timedelta, info: ValidationInfo) -> timedelta:
        interval = info.data.get("interval")
        if interval is not None and slow_interval < interval:
            raise PydanticCustomError(
                "slow_interval", f"must not be shorter than `interval`, which is {format_duration(interval)}"
            )
        return slow_interval


class Config(Section):
    """The whole configuration file."""

    performance: PerformanceConfig = Field(
        default=PerformanceConfig(), description="Which performance counters to count, for all vCenters."
    )

    health: HealthConfig = Field(
        default=HealthConfig(), description="Thresholds of the health checks, and what may stand for a while."
    )

    claims: ClaimsConfig = Field(default=ClaimsConfig(), description="The contract that the vendor is held to.")

    storage: StorageConfig = Field(default=StorageConfig(), description="How long the ledger keeps what is personal.")

    labels: LabelsConfig = Field(
        default=LabelsConfig(), description="Which tags and custom attributes may be shown; none unless named."
    )

    remote_write: RemoteWriteConfig = Field(
        default=RemoteWriteConfig(), description="Where samples go that nobody could scrape in time."
    )

    service_discovery: DiscoveryConfig = Field(
        default=DiscoveryConfig(), description="VMs as targets for Prometheus under `/sd/`."
    )

    vcenters: Annotated[tuple[VCenterConfig, ...], Strict(strict=False), AfterValidator(_at_least_one)] = Field(
        description="The vCenters to read, each by itself: one that fails does not hold up the others.",
        json_schema_extra={"minItems": 1},
    )
