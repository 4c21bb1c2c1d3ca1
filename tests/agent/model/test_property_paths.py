"""The model against pyVmomi's own type tables."""

import pytest

from agent.model.alarm import AlarmDefinition
from agent.model.licence import Licence
from agent.model.property import Pace, fields_of, source_of
from agent.model.virtual_machine import VirtualMachine
from agent.vcenter.changes import RECORDS, paths_for
from agent.vcenter.decode import property_decoders, record_decoder

# "Changes to this property are not notified" or the like in the vSphere API reference
NEVER_NOTIFIED = (
    "summary.quickStats",
    "summary.storage",
    "summary.overallStatus",
    "layoutEx",
    "runtime.device",
    "runtime.maxCpuUsage",
    "runtime.maxMemoryUsage",
)


@pytest.mark.parametrize("record", [*RECORDS, AlarmDefinition])
def test_every_path_of_the_model_exists_in_vsphere_and_has_the_type_of_its_field(record):
    assert len(property_decoders(record)) == len(fields_of(record)) > 0


def test_a_licence_is_read_by_fields_that_exist():
    assert record_decoder(Licence, "vim.LicenseManager.LicenseInfo")


@pytest.mark.parametrize("record", RECORDS)
def test_a_property_that_vcenter_never_notifies_is_polled(record):
    for field in fields_of(record):
        if field.source.path.startswith(NEVER_NOTIFIED):
            assert field.source.pace is not Pace.PUSHED, field.name


@pytest.mark.parametrize("record", RECORDS)
def test_every_kind_of_object_is_in_the_stream_so_that_its_coming_and_going_is_seen(record):
    assert paths_for("vim.version.v8_0_3_0", Pace.PUSHED)[record]


def test_a_path_that_the_server_is_too_old_for_is_not_asked():
    new, old = (
        {path for paths in paths_for(version, Pace.PUSHED).values() for path in paths}
        for version in ("vim.version.v8_0_3_0", "vim.version.version10")
    )
    assert "config.numaInfo.vnumaOnCpuHotaddExposed" in new - old
    assert "runtime.powerState" in old


def test_a_source_is_printed_as_the_path_it_is_read_from():
    assert source_of(VirtualMachine, "power_state") == "runtime.powerState"
