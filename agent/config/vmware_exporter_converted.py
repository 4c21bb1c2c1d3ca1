"""Our configuration made of vmware_exporter's, and what is different here. Pure: the caller writes the files."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import field

from agent.config.model import VCENTER_NAME
from agent.config.vmware_exporter_file import COLLECTED, TheirSection
from agent.dataclass import dataclass
from agent.errors import ConfigError

HTTPS = 443


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """`yaml` is the whole file; `passwords` go into files of these names beside it; `differences` are one line each."""

    yaml: str
    passwords: dict[str, str] = field(repr=False)
    missing_passwords: tuple[str, ...]
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _VCenter:
    name: str
    host: str
    port: int
    section: TheirSection

    @property
    def password_file(self) -> str:
        return f"vcenter-{self.name}"


def convert(sections: Sequence[TheirSection], targets: Sequence[str], source: str) -> Converted:
    """One vCenter a section, and one a target for the section that names no host.

    Args:
        sections: Theirs.
        targets: The hosts that Prometheus names with `?target=`.
        source: What the sections were read from, for messages.

    Raises:
        ConfigError: a section names no host and there is no target, or two become one name.
    """
    vcenters: list[_VCenter] = []
    for section in sections:
        hosts = [section.host] if section.host else list(targets)
        if not hosts:
            raise ConfigError(
                f"{source}: {section.name}: names no vsphere_host; give the hosts that Prometheus scrapes with --target"
            )
        for host in hosts:
            name = section_name(section.name if section.host or len(hosts) == 1 else host.partition(".")[0])
            if any(one.name == name for one in vcenters):
                name = section_name(f"{section.name}-{host}")
            if not re.fullmatch(VCENTER_NAME, name):
                raise ConfigError(
                    f"{source}: {section.name}: cannot be made a name of a-z, 0-9 and -; rename the section"
                )
            bare, port = _host_and_port(host)
            vcenters.append(_VCenter(name=name, host=bare, port=port, section=section))
    names = [one.name for one in vcenters]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ConfigError(*(f"{source}: several sections become the vCenter {name}; rename one" for name in twice))
    return Converted(
        yaml="\n".join(_lines(vcenters)) + "\n",
        passwords={one.password_file: one.section.password for one in vcenters if one.section.password is not None},
        missing_passwords=tuple(one.password_file for one in vcenters if one.section.password is None),
        differences=tuple(dict.fromkeys(line for one in vcenters for line in _differences(one, vcenters))),
    )


def section_name(section: str) -> str:
    """What a section is called as a vCenter: `VC_1` becomes `vc-1`. Requests for the section are understood likewise."""
    return re.sub(r"[^a-z0-9]+", "-", section.lower()).strip("-")


def _lines(vcenters: Sequence[_VCenter]) -> Iterator[str]:
    yield "# Made by `checkmeter migrate` from the configuration of vmware_exporter."
    if any(one.section.tags for one in vcenters):
        yield "# labels:"
        yield "#   tags: [Tier]        # the categories whose tags are read"
    yield "vcenters:"
    for one in vcenters:
        section = one.section
        yield f"  - name: {one.name}"
        yield f"    host: {json.dumps(one.host)}"
        if one.port != HTTPS:
            yield f"    port: {one.port}"
        yield f"    username: {json.dumps(section.user, ensure_ascii=False)}"
        yield f"    password_file: {one.password_file}"
        if section.ignore_ssl:
            yield "    # vmware_exporter did not verify the certificate (ignore_ssl). Here it is verified: name what to trust."
            yield "    # tls:"
            yield '    #   fingerprint: "AA:BB:…"      # SHA-256, of this vCenter\'s own certificate; or'
            yield "    #   ca_file: vmca.pem           # the CA that signed it"
        yield "    vmware_exporter:"
        yield f"      enabled: {'true' if section.collected else 'false'}"
        if section.collected and section.collected != COLLECTED:
            yield f"      sections: [{', '.join(section.collected)}]"
        if section.alarms:
            yield "      alarms: true"
        if section.tags:
            yield "      tags: true"
        if section.custom_attributes:
            yield '      custom_attributes: ["*"]'


def _differences(one: _VCenter, vcenters: Sequence[_VCenter]) -> Iterator[str]:
    section = one.section
    if section.name != one.name:
        yield f"{section.name}: is the vCenter {one.name} here; ?section={section.name} still means it"
    if section.ignore_ssl:
        yield (
            f"{section.name}: ignore_ssl: certificates are always verified here; name tls.fingerprint or tls.ca_file of "
            f"{one.name} unless this machine trusts the CA"
        )
    if section.specs_size is not None:
        yield f"{section.name}: specs_size: is not needed; counters are asked for 256 objects at a time"
    if section.tags:
        yield (
            f"{section.name}: fetch_tags: only tags of categories that are named are read: name them in labels.tags; "
            "until then the label says n/a"
        )
    if section.custom_attributes:
        yield (
            f"{section.name}: fetch_custom_attributes: all become labels, as before; name the ones you need in "
            "custom_attributes, as some may not be for everybody"
        )
    for key in section.unknown_keys:
        yield f"{section.name}: {key}: vmware_exporter has no such key, so it is left out"
    if not section.collected:
        yield f"{section.name}: collect_only: nothing was collected, so nothing is served under its names"
    same = [other.name for other in vcenters if other.host == one.host and other.port == one.port]
    if len(same) > 1:
        yield f"{one.host}: is read once for each of {', '.join(same)}; one of them with all parts would do"


def _host_and_port(host: str) -> tuple[str, int]:
    parts = re.fullmatch(r"(\[[^\]]+\]|[^:]+):([0-9]{1,5})", host)
    return (parts[1], int(parts[2])) if parts else (host, HTTPS)
