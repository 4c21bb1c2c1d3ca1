"""vmware_exporter 0.18.4 itself beside the agent, on the same vCenter."""

from pathlib import Path

import pytest

from exporters.vmware_exporter.page import SECTIONS
from tests.exporters.vmware_exporter.comparison import (
    REMARKS,
    Compared,
    compare,
    compared_table,
    simulated,
    simulated_vms,
)
from tests.exporters.vmware_exporter.side_by_side import INSTALL_S, differences, ours, theirs

pytestmark = [pytest.mark.timeout(INSTALL_S + 60)]  # the first of these tests pays for the installation
PAGE = Path(__file__).parents[3] / "docs/vmware-exporter.md"


@pytest.fixture(scope="module")
def on_simulated(tmp_path_factory) -> Compared:
    with simulated() as vcenter:
        return compare(vcenter, tmp_path_factory.mktemp("simulated"))


@pytest.fixture(scope="module")
def on_vcsim(vcsim, tmp_path_factory) -> Compared:
    return compare(simulated_vms(vcsim), tmp_path_factory.mktemp("vcsim"))


def test_on_the_simulated_vcenter_all_95_families_have_the_same_series_with_the_same_values(on_simulated):
    assert len(on_simulated.families) == 95
    assert [one for one in on_simulated.families if one.theirs == 0] == []
    assert [one for one in on_simulated.families if not one.equal] == []
    assert on_simulated.labels_differ == []


@pytest.mark.parametrize("section", SECTIONS)
def test_each_section_alone_has_the_same_families_with_the_same_values(section, tmp_path):
    alone = {f"VSPHERE_COLLECT_{one.upper()}": str(one == section) for one in SECTIONS}
    with simulated() as vcenter:
        before = theirs(vcenter, **alone)
        after = ours(vcenter, tmp_path, f"      sections: [{section}]\n")
    assert before.keys() == after.keys()
    assert [one for one in differences(before, after) if not one.equal] == []


def test_custom_attributes_become_the_same_labels_with_the_same_values(tmp_path):
    with simulated() as vcenter:
        # without alarms, whose label that program loses among the attributes; its counters' labels come by chance
        before = theirs(vcenter, VSPHERE_FETCH_CUSTOM_ATTRIBUTES="True", VSPHERE_FETCH_ALARMS="False")
        after = ours(vcenter, tmp_path, '      custom_attributes: ["*"]\n')
    assert {"Owner", "Cost_centre", "Last_backup"} <= {name for name, _ in next(iter(after["vmware_vm_num_cpu"]))}
    found = [one for one in differences(before, after) if one.theirs and not one.is_counter]
    assert [one for one in found if not one.equal] == []


@pytest.mark.needs("go")
def test_on_vcsim_they_differ_only_where_it_is_said_why(on_vcsim):
    assert len(on_vcsim.families) == 95
    assert on_vcsim.labels_differ == []
    different = {one.name for one in on_vcsim.families if not one.equal}
    counters = {one.name for one in on_vcsim.families if one.is_counter}
    assert different - counters <= REMARKS.keys()
    for one in on_vcsim.families:
        assert one.same_labels == one.theirs, f"{one.name}: a series of theirs is not among ours"


@pytest.mark.needs("go")
def test_the_comparison_in_the_documents_is_what_was_found(on_simulated, on_vcsim):
    assert compared_table(on_simulated, on_vcsim) in PAGE.read_text(), (
        "write it anew: python -m tests.exporters.vmware_exporter.comparison docs/vmware-exporter.md"
    )
