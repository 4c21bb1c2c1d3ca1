"""`/metrics/vmware_exporter`: which vCenter a request means, and what is answered."""

import asyncio
from dataclasses import replace

import pytest

from exporters.asgi import Request
from exporters.vmware_exporter.page import Wanted
from exporters.vmware_exporter.route import NotServed, Served, VmwareExporterRoute, choose
from tests.worlds import NOW, TARGET, WORLD


def served(*names: str) -> dict[str, Served]:
    return {name: Served(name=name, host=f"{name}.example.dk", port=443, wanted=Wanted()) for name in names}


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("section=esx", "esx"),
        ("section=ESX", "esx"),
        ("target=esx.example.dk", "esx"),
        ("target=ESX.example.dk:443", "esx"),
        ("vsphere_host=esx.example.dk", "esx"),
        ("section=esx&target=default.example.dk", "esx"),
        ("", "default"),
        ("section=default", "default"),
    ],
)
def test_a_request_means_the_vcenter_of_its_section_or_its_target(query, meant):
    assert choose(served("esx", "default"), query).name == meant


def test_a_vcenter_that_is_read_under_two_names_is_meant_by_the_default_one():
    limited, default = (Served(name=name, host="vc", port=443, wanted=Wanted()) for name in ("limited", "default"))
    assert choose({"limited": limited, "default": default}, "target=vc") is default
    assert choose({"limited": limited}, "target=vc") is limited


def test_the_only_one_is_meant_where_none_is_named():
    assert choose(served("dc1"), "").name == "dc1"
    assert choose(served("dc1"), "section=default").name == "dc1"


@pytest.mark.parametrize(
    ("names", "query", "said"),
    [
        ((), "", "no vCenter is served here: set vmware_exporter.enabled"),
        (("dc1", "dc2"), "", "name one with ?section= or ?target=; sections: dc1, dc2"),
        (("dc1", "dc2"), "target=dc9", "no vCenter is called 'dc9' here; targets: dc1.example.dk, dc2.example.dk"),
        (("dc1",), "section=limited", "no section 'limited' here; sections: dc1"),
    ],
)
def test_what_is_not_served_is_said_in_one_line(names, query, said):
    with pytest.raises(NotServed, match=r"^[^\n]+$") as raised:
        choose(served(*names), query)
    assert said in str(raised.value)


def answer(route, query="", **headers):
    return asyncio.run(route(Request(method="GET", path="/", query=query, headers=headers)))


def route(world, now=NOW):
    return VmwareExporterRoute(
        [Served(name=TARGET.name, host="vc1.kommune.example", port=443, wanted=Wanted())], lambda: (world, now)
    )


def test_the_page_is_text_and_made_once_for_one_state_of_the_vcenter():
    made = route(WORLD)
    first, second = answer(made), answer(made)
    assert first.status == 200
    assert first.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert first.body.startswith(b"# HELP vmware_vm_power_state ")
    assert second.body is first.body or second.body == first.body
    assert answer(made, accept_encoding="gzip").status == 200


def test_a_vcenter_that_cannot_be_read_is_503_with_the_reason_so_that_up_is_0():
    world = WORLD
    silent = replace(world, targets={TARGET.name: replace(TARGET, inventory=None)})
    response = answer(route(silent))
    assert response.status == 503
    assert b"vc1: not read yet" in response.body


def test_an_unknown_target_is_404():
    assert answer(route(WORLD), "target=other").status == 404
