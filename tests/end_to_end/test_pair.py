"""Two agents, each with a Prometheus of its own, into one store: one may end and nothing is missing (docs/scale-out.md)."""

import contextlib

import pytest

from agent.simulator.scenario_power import power_off
from tests.agent.collectors.test_inventory import powered_on_vm
from tests.end_to_end.servers import serving
from tests.end_to_end.stores import WRITE_PATH, forwarding_prometheus, victoria_metrics
from tests.end_to_end.test_scraped import free_port

ON = 'vsphere_vm_power_state{state="poweredOn"}'
ONE_OF_THE_PAIR = f"max without (replica) ({ON})"


@pytest.mark.needs("prometheus")
@pytest.mark.needs("victoria-metrics")
def test_one_of_a_pair_ends_and_the_store_goes_on_with_the_other(config_file, vcenter, tmp_path):
    with contextlib.ExitStack() as both:
        store = both.enter_context(victoria_metrics(tmp_path, free_port()))
        ending = both.enter_context(contextlib.ExitStack())
        agents = {
            "a": ending.enter_context(serving(config_file, f"--storage.path={tmp_path / 'a'}")),
            "b": both.enter_context(serving(config_file, f"--storage.path={tmp_path / 'b'}")),
        }
        for replica, agent in agents.items():
            scraped = agent.address.removeprefix("http://")
            both.enter_context(
                forwarding_prometheus(tmp_path, free_port(), scraped, store.address + WRITE_PATH, replica)
            )
        store.until(f"count(count by (replica) ({ON})) == 2")
        machines = store.value('count(vsphere_vm_power_state{state="poweredOn",replica="b"})')
        assert machines == 20
        assert store.query("count by (vm_id, state) (vsphere_vm_power_state) != 2") == []  # both know the same
        assert (
            store.query("vsphere_vm_power_state{replica='a'} != ignoring (replica) vsphere_vm_power_state{replica='b'}")
            == []
        )
        moid = powered_on_vm(vcenter.estate)
        ending.close()
        store.until("absent(vsphere_vm_power_state{replica='a'})")
        power_off(vcenter.estate, moid)
        vm_id = vcenter.estate.get(moid, "config.instanceUuid")
        store.until(ONE_OF_THE_PAIR.replace("{", f'{{vm_id="{vm_id}",', 1) + " == 0")
        assert store.value(f"count({ONE_OF_THE_PAIR})") == machines
        assert store.value("max without (replica) (up)") == 1
