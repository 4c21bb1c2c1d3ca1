"""The lists of targets, one a path, in the form of Prometheus' http_sd. Pure."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from agent.model.world import World
from exporters.service_discovery.asked import Asked, Misunderstood
from exporters.service_discovery.settings import DiscoverySettings
from exporters.service_discovery.vms import PREFIX, FoundVm, NotRead, found_vms

_Targets = Callable[[FoundVm, Asked, DiscoverySettings], Iterable[tuple[str, Mapping[str, str]]]]
"""Of one VM: each target with more labels."""


def _icmp(vm: FoundVm, _: Asked, __: DiscoverySettings) -> Iterator[tuple[str, Mapping[str, str]]]:
    yield vm.host, {}


def _tcp(vm: FoundVm, asked: Asked, settings: DiscoverySettings) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The ports that the URL names, else those of every rule that means the VM; each once."""
    named = dict.fromkeys(asked.ports, "")
    for rule in () if named else settings.rules:
        if rule.tcp and rule.selection.matches(vm.vm, vm.placement, vm.inventory, vm.labelling):
            named = {**dict.fromkeys(rule.tcp, rule.name), **named}
    for port, rule_name in sorted(named.items()):
        yield vm.at_port(port), {f"{PREFIX}port": str(port), f"{PREFIX}rule": rule_name}


def _http(vm: FoundVm, asked: Asked, settings: DiscoverySettings) -> Iterator[tuple[str, Mapping[str, str]]]:
    named = dict.fromkeys(asked.urls, "")
    for rule in () if named else settings.rules:
        if rule.http and rule.selection.matches(vm.vm, vm.placement, vm.inventory, vm.labelling):
            named = {**dict.fromkeys(rule.http, rule.name), **named}
    for url, rule_name in sorted(named.items()):
        yield url.replace("{host}", vm.bracketed), {f"{PREFIX}rule": rule_name}


def _node_exporter(vm: FoundVm, asked: Asked, settings: DiscoverySettings) -> Iterator[tuple[str, Mapping[str, str]]]:
    for port in asked.ports or (settings.node_exporter_port,):
        yield vm.at_port(port), {}


def _windows_exporter(
    vm: FoundVm, asked: Asked, settings: DiscoverySettings
) -> Iterator[tuple[str, Mapping[str, str]]]:
    for port in asked.ports or (settings.windows_exporter_port,):
        yield vm.at_port(port), {}


_LISTS: Mapping[str, tuple[_Targets, str]] = {
    "/sd/blackbox_icmp": (_icmp, ""),
    "/sd/blackbox_tcp": (_tcp, ""),
    "/sd/blackbox_http": (_http, ""),
    "/sd/node_exporter": (_node_exporter, "linux"),
    "/sd/windows_exporter": (_windows_exporter, "windows"),
}
"""Path -> what each VM is a target for, and the kind of guest that is meant unless the URL says otherwise."""
PATHS = tuple(_LISTS)


def target_groups(path: str, query: str, world: World, settings: DiscoverySettings) -> list[dict[str, Any]]:
    """The list at a path of PATHS.

    Raises:
        Misunderstood: the query string cannot be understood.
        NotRead: a vCenter was not read yet.
    """
    targets, guest = _LISTS[path]
    if guest and "guest=" not in query:
        query = f"{query}&guest={guest}".lstrip("&")
    asked = Asked.parse(query, settings)
    unknown = [name for name in asked.vcenters if name not in world.targets]
    if unknown:
        raise Misunderstood(f"vcenter={unknown[0]}: must be one of {', '.join(world.targets)}")
    return [
        {"targets": [target], "labels": {name: text for name, text in {**vm.labels, **more}.items() if text}}
        for vm in found_vms(world, asked, settings)
        for target, more in targets(vm, asked, settings)
    ]


def discovery_document(path: str, query: str, world: World, settings: DiscoverySettings) -> bytes:
    """The list as JSON. Raises as `target_groups`."""
    return json.dumps(target_groups(path, query, world, settings), ensure_ascii=False).encode()


__all__ = ["PATHS", "Misunderstood", "NotRead", "discovery_document", "target_groups"]
