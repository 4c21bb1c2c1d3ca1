"""Which objects a selector means."""

from dataclasses import replace
from typing import Any

import pytest

from agent.health.example import Example, Given
from agent.health.selector import Selector
from agent.health.subjects import VM
from agent.model.labelling import Labelling
from agent.model.tag_pair import TagPair
from agent.model.virtual_machine import CustomValue, Tag, VirtualMachine

SERVER = VirtualMachine(
    moid="vm-1", name="erp-db01", tags=(Tag(key="urn:1:GLOBAL"),), custom_values=(CustomValue(key=7, value="Finance"),)
)  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ({"name": "erp-*"}, True),
        ({"name": "web-*"}, False),
        ({"tag": "Tier:gold"}, True),
        ({"tag": "Tier:silver"}, False),
        ({"tag": "urn:1:GLOBAL"}, True),
        ({"tag": "urn:2:GLOBAL"}, False),
        ({"attributes": {"Owner": "Fin*"}}, True),
        ({"attributes": {"Owner": "Fin*", "Absent": "*"}}, False),
        ({"folder": "ERP"}, False),
        ({"tag": "Tier:gold", "name": "web-*"}, False),
    ],
)
def test_everything_that_is_given_must_match(wanted: dict[str, Any], meant: bool) -> None:
    given = Given(inventory={"custom_fields": {7: "Owner"}})
    look = Example(fields={}, shown={}, others=(SERVER,), given=given, fires=False).look(VM)
    tags = Labelling(tags={"vm-1": (TagPair(category="Tier", tag="gold"),)})
    look = replace(look, target=replace(look.target, labelling=tags))
    assert Selector(**wanted).matches(SERVER, look) is meant
