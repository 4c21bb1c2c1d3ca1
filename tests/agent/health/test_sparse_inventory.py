"""Inventories with holes: values and whole objects left out at random. No check raises, whatever is missing."""

import random
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from agent.health.runner import evaluate
from agent.health.subjects import KINDS
from agent.model.health import Reason
from tests.agent.health.planted import demonstration_seen

SLOTS = tuple(dict.fromkeys(kind.slot for kind in KINDS if kind.slot is not None))


def with_holes(value: Any, rng: random.Random, share: float) -> Any:
    """A copy in which that share of the fields that vCenter fills says nothing, also inside of records."""
    changes: dict[str, Any] = {}
    for field in fields(value):
        inner = getattr(value, field.name)
        if "source" not in field.metadata or inner is None:
            continue
        if rng.random() < share:
            changes[field.name] = None
        elif is_dataclass(inner):
            changes[field.name] = with_holes(inner, rng, share)
        elif isinstance(inner, tuple) and inner and is_dataclass(inner[0]):
            changes[field.name] = tuple(with_holes(one, rng, share) for one in inner)
    return replace(value, **changes)


@pytest.mark.parametrize("seed", range(12))
def test_no_check_raises_whatever_is_missing(seed: int) -> None:
    rng = random.Random(seed)
    look = demonstration_seen()
    share = rng.choice((0.03, 0.1, 0.3))
    sparse = {
        slot: {
            moid: with_holes(item, rng, share)
            for moid, item in getattr(look.inventory, slot).items()
            if rng.random() > share / 3
        }
        for slot in SLOTS
    }
    inventory = replace(look.inventory, **sparse)
    report = evaluate(replace(look, inventory=inventory, target=replace(look.target, inventory=inventory)))
    assert [(gap.check, gap.source) for gap in report.gaps if gap.reason is Reason.FAILED] == []
