"""The `service_discovery` part of the configuration: how Prometheus is told of VMs, and the ports they should answer on."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, Strict
from pydantic_core import PydanticCustomError

from agent.config.section import Section

_DOMAIN = r"(?!-)[A-Za-z0-9-]{1,63}(\.(?!-)[A-Za-z0-9-]{1,63})*"
PowerState = Literal["poweredOn", "poweredOff", "suspended"]
Guest = Literal["windows", "linux", "other"]


def _url(text: str) -> str:
    if not re.match(r"https?://\S+$", text) or "{host}" not in text:
        raise PydanticCustomError("url", "must be http:// or https:// with {host} in the place of the VM's address")
    return text


def _tag(text: str) -> str:
    category, colon, tag = text.partition(":")
    if not (category and colon and tag):
        raise PydanticCustomError("tag", "must be Category:Tag, such as `Tier:gold`")
    return text


def _domain(text: str) -> str:
    if not re.fullmatch(_DOMAIN, text, re.ASCII):
        raise PydanticCustomError("domain", "must be a domain, such as kommune.example")
    return text


Port = Annotated[int, Field(ge=1, le=65535)]
Url = Annotated[str, AfterValidator(_url)]
TagPattern = Annotated[str, AfterValidator(_tag)]
Domain = Annotated[str, AfterValidator(_domain)]


class SelectionConfig(Section):
    """Which VMs: those that everything given here matches; `*` and `?` are wild cards."""

    names: Annotated[tuple[str, ...], Strict(strict=False)] = Field(
        default=(), description="Names of VMs; one of them must match.", examples=["[erp-*]"]
    )
    folders: Annotated[tuple[str, ...], Strict(strict=False)] = Field(
        default=(),
        description="Paths of folders below the datacenter; what lies in folders below them is meant too.",
        examples=["[ERP/Production]"],
    )
    tags: Annotated[tuple[TagPattern, ...], Strict(strict=False)] = Field(
        default=(), description="Tags as Category:Tag; all of them must be there.", examples=["['Tier:gold']"]
    )
    attributes: Mapping[str, str] = Field(
        default={}, description="Custom attributes by name; all of them must match.", examples=[{"Owner": "Finance*"}]
    )
    power_states: Annotated[tuple[PowerState, ...], Strict(strict=False)] = Field(
        default=(), description="`poweredOn`, `poweredOff`, `suspended`.", examples=["[poweredOn]"]
    )
    guests: Annotated[tuple[Guest, ...], Strict(strict=False)] = Field(
        default=(), description="`windows`, `linux`, `other`.", examples=["[windows]"]
    )


class PortRuleConfig(SelectionConfig):
    """Ports and URLs that some VMs are to be probed at; a VM is probed at those of every rule that matches it."""

    name: str = Field(
        description="What the rule is called, in the label `__meta_vsphere_rule`.", examples=["databases"]
    )
    tcp: Annotated[tuple[Port, ...], Strict(strict=False)] = Field(
        default=(), description="TCP ports for `/sd/blackbox_tcp`.", examples=["[1433, 3389]"]
    )
    http: Annotated[tuple[Url, ...], Strict(strict=False)] = Field(
        default=(),
        description="URLs for `/sd/blackbox_http`, with `{host}` in the place of the VM's address.",
        examples=["['https://{host}/health']"],
    )


class DiscoveryConfig(Section):
    """VMs as targets for Prometheus under `/sd/`; works without any of this."""

    address: Literal["ip", "dns", "name"] = Field(
        default="ip",
        description="By what a VM is reached: `ip` and `dns` are what VMware Tools tell, `name` is the VM's own name.",
    )
    domain: Domain | None = Field(
        default=None, description="For `address: name`: what stands behind the name.", examples=["kommune.example"]
    )
    node_exporter_port: Port = Field(default=9100, description="Where node_exporter listens.")
    windows_exporter_port: Port = Field(default=9182, description="Where windows_exporter listens.")
    rules: Annotated[tuple[PortRuleConfig, ...], Strict(strict=False)] = Field(
        default=(), description="Ports and URLs to probe."
    )
