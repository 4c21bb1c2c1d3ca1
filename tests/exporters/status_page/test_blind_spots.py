"""What could not be seen besides properties."""

from dataclasses import replace

from agent.model.labelling import Labelling
from exporters.status_page.view import view
from tests.exporters.status_page.sample_world import NOW, healthy_world


def test_tag_categories_that_cannot_be_seen_are_a_blind_spot() -> None:
    source = healthy_world()
    name, one = next(iter(source.targets.items()))
    labelling = Labelling(categories=frozenset({"Tier", "Teir"}), missing=("Teir",), unreadable=2)
    shown = view(replace(source, targets={name: replace(one, labelling=labelling)}), NOW)
    gaps = next(item for item in shown.blind_spots if item.key == "gap")
    assert [tuple(cell.text for cell in row.cells) for row in gaps.rows] == [
        ("System.Read missing", "Tag", "2", "name"),
        ("not there, or no global permission", "Tag category", "1", "Teir"),
    ]
