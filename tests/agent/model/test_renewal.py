"""A renewed record is what `dataclasses.replace` would make."""

from dataclasses import FrozenInstanceError, fields, replace

import pytest

from agent.model.renewal import renewed
from agent.model.virtual_machine import VirtualMachine
from agent.vcenter.changes import RECORDS


@pytest.mark.parametrize("kind", RECORDS)
def test_a_renewed_record_is_what_replace_makes(kind: type) -> None:
    record = kind(**{one.name: f"old {one.name}" for one in fields(kind)})
    for values in ({}, {"moid": "new"}, {one.name: f"new {one.name}" for one in fields(kind)}):
        found = renewed(record, values)
        assert type(found) is kind
        assert found is not record
        assert found == replace(record, **values)
        assert hash(found) == hash(replace(record, **values))
    assert record == kind(**{one.name: f"old {one.name}" for one in fields(kind)})


def test_a_renewed_record_is_frozen_and_has_no_fields_but_its_own() -> None:
    found = renewed(VirtualMachine(moid="vm-1"), {"name": "erp"})
    with pytest.raises(FrozenInstanceError):
        found.name = "other"
    with pytest.raises(AttributeError):
        renewed(found, {"unheard_of": 1})
