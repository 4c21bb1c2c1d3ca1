"""A real Prometheus learns of the VMs from the agent, by the shipped sample, and probes them."""

import re
from pathlib import Path

import pytest
from pyVmomi import vim

from agent.model.guest_address import guest_family
from agent.model.virtual_machine import VirtualMachine
from tests.end_to_end.probers import probing
from tests.end_to_end.servers import prometheus, serving
from tests.end_to_end.test_scraped import free_port

pytestmark = pytest.mark.needs("prometheus")
SAMPLE = Path(__file__).parents[2] / "dashboards/prometheus/probes.yml"
RULES = """\
service_discovery:
  rules:
    - {name: desktop, guests: [windows], tcp: [3389]}
    - {name: web, names: ['*'], http: ['https://{host}/']}
"""


def jobs(agent: str, prober: str) -> str:
    """The shipped jobs, but refreshed at once and with the addresses of this test."""
    text = SAMPLE.read_text().partition("scrape_configs:\n")[2]
    text = text.replace("127.0.0.1:10272", agent.removeprefix("http://")).replace("127.0.0.1:9115", prober)
    return re.sub(r"refresh_interval: \w+", "refresh_interval: 1s", text)


def test_vms_are_discovered_and_probed_by_the_shipped_sample(config_file, vcenter, tmp_path):
    config_file.write_text(config_file.read_text() + RULES)
    estate = vcenter.estate
    with probing() as prober, serving(config_file) as agent:
        more = jobs(agent.address, prober.address)
        with prometheus(tmp_path, agent, free_port(), more) as server:
            running = {
                estate.get(moid, "name"): VirtualMachine(moid=moid, guest_os=estate.get(moid, "guest.guestFullName"))
                for moid in estate.ids(vim.VirtualMachine)
                if estate.get(moid, "runtime.powerState") == "poweredOn" and estate.get(moid, "guest.ipAddress")
            }
            assert running
            server.until(f'count(probe_success{{job="ping"}} == 1) == {len(running)}')
            windows = [name for name, vm in running.items() if guest_family(vm) == "windows"]
            server.until(f'count(probe_success{{job="tcp"}}) == {len(windows)}')
            server.until(f'count(probe_success{{job="http"}}) == {len(running)}')
            server.until(f'count(up{{job="windows"}}) == {len(windows)}')
            server.until(f'count(up{{job="node"}}) == {sum(guest_family(vm) == "linux" for vm in running.values())}')
            pinged = server.query('probe_success{job="ping"}')
            assert {one["metric"]["vm_name"] for one in pinged} == set(running)
            assert {one["metric"]["instance"] for one in pinged} == {
                target for module, target in prober.asked if module == "icmp"
            }
            joined = 'probe_success{job="ping"} * on (vcenter, vm_id) group_left (host_name) vsphere_vm_placement_info'
            assert {one["metric"]["vm_name"] for one in server.until(joined)} == set(running)
            assert all(target.endswith(":3389") for module, target in prober.asked if module == "tcp_connect")
            assert all(target.startswith("https://") for module, target in prober.asked if module == "http_2xx")
            up = 'vsphere_vm_ledger_state_since_timestamp_seconds{state="up"}'
            cut_off = server.until(f'probe_success{{job="ping"}} and on (vcenter, vm_id) {up}')[0]["metric"]
            prober.unreachable.add(cut_off["instance"])
            (found,) = server.until('vsphere:vm_up_but_unreachable:bool{probe="ping"} == 1')
            assert found["metric"]["vm_name"] == cut_off["vm_name"], "up for the platform, down for us"
