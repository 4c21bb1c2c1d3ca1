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
def vcenter():
    with simulated() as server:
        yield server


@pytest.fixture(scope="module")
def on_simulated(vcenter, tmp_path_factory) -> Compared:
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
def test_each_section_alone_has_the_same_families_with_the_same_values(section, vcenter, tmp_path):
    alone = {f"VSPHERE_COLLECT_{one.upper()}": str(one == section) for one in SECTIONS}
    before = theirs(vcenter, **alone)
    after = ours(vcenter, tmp_path, f"      sections: [{section}]\n")
    assert before.keys() == after.keys()
    assert [one for one in differences(before, after) if not one.equal] == []


def test_custom_attributes_become_the_same_labels_with_the_same_values(vcenter, tmp_path):
    # without alarms, whose label that program loses among the attributes; its counters' labels come by chance
    before = theirs(vcenter, VSPHERE_FETCH_CUSTOM_ATTRIBUTES="True", VSPHERE_FETCH_ALARMS="False")
    after = ours(vcenter, tmp_path, '      custom_attributes: ["*"]\n')
    assert {"Owner", "Cost_centre", "Last_backup"} <= {name for name, _ in next(iter(after["vmware_vm_num_cpu"]))}
    found = [one for one in differences(before, after) if one.theirs and not one.is_counter]
    assert [one for one in found if not one.equal] == []


def test_tags_become_the_same_label_with_the_same_words(vcenter, tmp_path):
    before = theirs(vcenter, VSPHERE_FETCH_TAGS="True")
    after = ours(vcenter, tmp_path, "      tags: true\nlabels: {tags: [Tier, Backup, Site]}\n")
    for family in ("vmware_vm_num_cpu", "vmware_host_num_cpu", "vmware_datastore_capacity_size"):
        found = [{tagged(one) for one in page[family]} for page in (before, after)]
        assert found[0] == found[1], family
        assert any(len(words) > 1 or "n/a" not in words for _, words in found[1]), family


def tagged(labels):
    """The name of an object and its tags, whose order is neither's business."""
    told = dict(labels)
    return told.get("vm_name") or told.get("ds_name") or told["host_name"], frozenset(told["tags"].split(","))


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
