"""The documented proof holds."""

from tests.proofs.counted_once import compared


def test_across_an_outage_every_counter_of_every_vm_equals_the_truth(tmp_path):
    rows = compared(tmp_path)
    assert len(rows) > 20
    assert [row for row in rows if row[2] != row[3]] == []
