"""The `service_discovery` part of the configuration."""

from collections.abc import Callable

import pytest

from agent.cli.discovery import discovery_settings
from agent.config import Config
from agent.model.vm_selection import VmSelection
from exporters.service_discovery.settings import DiscoverySettings, PortRule
from tests.agent.config.test_loading import MINIMAL


def test_without_it_the_defaults_hold(loaded: Callable[[str], Config]) -> None:
    assert discovery_settings(loaded(MINIMAL).service_discovery) == DiscoverySettings()


def test_every_key_reaches_the_settings(loaded: Callable[[str], Config]) -> None:
    text = MINIMAL + (
        "service_discovery:\n  address: name\n  domain: kommune.example\n  node_exporter_port: 9101\n"
        "  windows_exporter_port: 9183\n  rules:\n    - name: databases\n      names: ['*-db*']\n      folders: [/ERP/]\n"
        "      tags: ['Tier:gold']\n      attributes: {Owner: 'Finance*'}\n      power_states: [poweredOn]\n"
        "      guests: [windows]\n      tcp: [1433]\n      http: ['https://{host}/']\n"
    )
    selection = VmSelection(
        names=("*-db*",),
        folders=("ERP",),
        tags=("Tier:gold",),
        attributes={"Owner": "Finance*"},
        power_states=("poweredOn",),
        guests=("windows",),
    )
    assert discovery_settings(loaded(text).service_discovery) == DiscoverySettings(
        address="name",
        domain="kommune.example",
        node_exporter_port=9101,
        windows_exporter_port=9183,
        rules=(PortRule(name="databases", selection=selection, tcp=(1433,), http=("https://{host}/",)),),
    )


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ("rules: [{name: a, tcp: [70000]}]", "service_discovery.rules[0].tcp[0]: must be"),
        ("rules: [{name: a, http: ['https://web/']}]", "must be http:// or https:// with {host} in the place"),
        ("rules: [{name: a, tags: [gold]}]", "must be Category:Tag, such as `Tier:gold`"),
        ("rules: [{name: a, guests: [mac]}]", "service_discovery.rules[0].guests[0]"),
        ("domain: 'a b'", "must be a domain, such as kommune.example"),
    ],
)
def test_a_mistake_in_it_is_said_with_its_place(problems: Callable[[str], list[str]], part: str, problem: str) -> None:
    (found,) = problems(MINIMAL + f"service_discovery:\n  {part}\n")
    assert problem in found
