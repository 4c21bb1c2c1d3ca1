"""What stands beside the inventory costs nothing else when it cannot be understood."""

import re

import pytest

from agent.simulator.access import READ_ONLY
from tests.agent.collectors.running import simulated


def test_one_bad_licence_costs_neither_the_others_nor_the_files_of_the_vms(tmp_path):
    with simulated(tmp_path) as (vcenter, running):
        vcenter.faults.access.privileges["checkmeter"] = READ_ONLY | {"Global.Licenses"}
        whole = running.until(lambda target: target.inventory.licences, "the licences are read")
        vcenter.faults.spoilt["LicenseManager", "licenses"] = lambda xml: re.sub(
            r'xsd:dateTime">[^<]*<', 'xsd:dateTime">never<', xml, count=1
        )
        spoilt = running.until(lambda target: target.inventory.skipped, "the licence is skipped")
        (skipped,) = spoilt.inventory.skipped
        assert (skipped.vsphere_type, skipped.path) == ("LicenseManager", "licenses")
        assert len(spoilt.inventory.licences) == len(whole.inventory.licences) - 1
        read_at = spoilt.inventory.slow_read_at
        running.until(lambda target: target.inventory.slow_read_at > read_at, "the slow reading goes on")
        assert running.target.calls.logins == 1


@pytest.mark.parametrize("spoil", ["custom attributes", "an alarm"])
def test_a_control_character_beside_the_inventory_costs_that_property_alone(tmp_path, spoil):
    with simulated(tmp_path) as (vcenter, running):
        alarms = running.target.inventory.alarm_definitions
        where = (min(alarms), "info.name") if spoil == "an alarm" else ("CustomFieldsManager", "field")
        vcenter.faults.spoilt[where] = lambda xml: xml.replace("</val>", "\x01</val>")
        spoilt = running.until(lambda target: target.inventory.skipped, "the property is skipped")
        assert [item.path for item in spoilt.inventory.skipped] == [where[1]]
        assert spoilt.inventory.alarm_definitions.keys() == alarms.keys()
        named = [alarm for alarm in spoilt.inventory.alarm_definitions.values() if alarm.name]
        assert len(named) == len(alarms) - (where[0] in alarms)
        assert all(alarm.enabled is not None for alarm in spoilt.inventory.alarm_definitions.values())
        assert running.target.calls.logins == 1
