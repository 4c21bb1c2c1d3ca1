"""A run that leaves out what was well and has not changed says the same as a whole one, and what may be left out is proved."""

import random
from dataclasses import fields, replace
from functools import cache

import pytest

from agent.health.catalogue import catalogue, source_of_field
from agent.health.example import NOON
from agent.health.kept import KeptVerdicts, fields_judged, is_of_object_alone
from agent.health.runner import evaluate
from agent.health.selector import Selector
from agent.health.settings import CheckSettings, HealthSettings, Override
from agent.model.inventory import Unreadable
from agent.model.virtual_machine import VirtualMachine
from tests.agent.health.planted import demonstration_seen
from tests.agent.health.test_sparse_inventory import SLOTS, with_holes

ALONE = {name: check for name, check in catalogue().items() if is_of_object_alone(check)}


@cache
def watched_kind(record):
    """The record's twin, whose instances note which of their fields are read."""

    def read(self, name):
        if name in {field.name for field in fields(record)}:
            NOTED.add(name)
        return object.__getattribute__(self, name)

    return type(f"Watched{record.__name__}", (record,), {"__getattribute__": read, "__slots__": ()})


NOTED: set[str] = set()


def fields_read(check, item):
    """What a check reads of an object, run to the end."""
    twin = object.__new__(watched_kind(type(item)))
    for field in fields(item):
        object.__setattr__(twin, field.name, getattr(item, field.name))
    NOTED.clear()
    list(check.find(twin, **check.thresholds))
    return set(NOTED)


def objects_for(check):
    """Those of the demonstration and of the check's examples that it is made on."""
    examples = [check.kind.objects(one.look(check.kind)) for one in check.examples]
    for items in (*examples, check.kind.objects(demonstration_seen())):
        for item in items:
            known = all(
                getattr(item, name) is not None for name in (*check.needs, *(check.when.fields if check.when else ()))
            )
            if known and (check.when is None or check.when.test(item)):
                yield item


@pytest.mark.parametrize("name", ALONE)
def test_a_check_whose_verdicts_are_kept_reads_no_field_that_it_does_not_name(name):
    check = ALONE[name]
    read = [fields_read(check, item) for item in objects_for(check)]
    assert read
    assert set().union(*read) <= {*fields_judged(check), "name", "moid"}


def test_most_checks_of_vms_and_hosts_are_kept_and_none_that_looks_at_anything_else():
    assert len(ALONE) > 80
    assert not {"vm_restarted", "vm_cpu_ready", "vm_mac_duplicate", "vm_memory_swapped"} & ALONE.keys()


def changed(look, rng):
    """The same vCenter a minute later: holes come and go, objects too, and usage changes everywhere."""
    whole, slots = demonstration_seen().inventory, {}
    for slot in SLOTS:
        now = dict(getattr(look.inventory, slot))
        for moid, item in getattr(whole, slot).items():
            fate = rng.random()
            if fate < 0.02:
                now.pop(moid, None)
            elif fate < 0.05:
                now[moid] = with_holes(item, rng, 0.1)
            elif fate < 0.08:
                now[moid] = item
        slots[slot] = now
    slots["vms"] = {moid: replace(vm, cpu_usage_mhz=rng.randrange(1000)) for moid, vm in slots["vms"].items()}
    moid = rng.choice(list(slots["vms"]))
    path = source_of_field(VirtualMachine, "question").collector_path
    refused = Unreadable(moid=moid, vsphere_type="VirtualMachine", path=path, fault="NoPermission", privilege=None)
    inventory = replace(look.inventory, unreadable=(refused,) if rng.random() < 0.2 else (), **slots)
    return replace(look, inventory=inventory, target=replace(look.target, inventory=inventory))


def settings(rng):
    """Now and then the user decides otherwise."""
    limits = [(name, limit) for name, check in ALONE.items() for limit in check.thresholds]
    if rng.random() < 0.7:
        return HealthSettings()
    (name, limit), off = rng.choice(limits), rng.choice(list(ALONE))
    elsewhere = Override(selector=Selector(name="*a*"), thresholds={limit: 1})
    chosen = CheckSettings(thresholds={limit: 2}, overrides=(elsewhere,) if rng.random() < 0.5 else ())
    return HealthSettings(checks={off: CheckSettings(enabled=False), name: chosen})


@pytest.mark.parametrize("seed", range(6))
def test_an_incremental_run_says_what_a_whole_one_says(seed):
    rng, look, kept = random.Random(seed), demonstration_seen(), KeptVerdicts()
    for _ in range(6):
        look, decided = changed(look, rng), settings(rng)
        assert evaluate(look, decided, kept=kept) == evaluate(look, decided)


def test_what_was_well_and_has_not_changed_is_not_judged_again():
    look, kept = demonstration_seen(), KeptVerdicts()
    evaluate(look, kept=kept)
    run = kept.begin(look, HealthSettings(), catalogue().values())
    check = catalogue()["vm_question_pending"]
    vms = list(look.inventory.vms.values())
    assert run.to_judge(check, vms) == [vm for vm in vms if list(check.find(vm))]
    another = kept.begin(
        look, HealthSettings(checks={"vm_restarted": CheckSettings(enabled=False)}), catalogue().values()
    )
    assert another.to_judge(check, vms) == vms


def test_a_run_that_ends_in_an_error_leaves_nothing_behind():
    look, kept = demonstration_seen(), KeptVerdicts()
    evaluate(look, kept=kept)
    vm = next(vm for vm in look.inventory.vms.values() if vm.template is False and vm.question is None)
    asking = replace(vm, question="Where is the disk?")
    later = replace(look, now=NOON, inventory=replace(look.inventory, vms={**look.inventory.vms, vm.moid: asking}))
    kept.begin(later, HealthSettings(), catalogue().values())  # and never ended
    assert evaluate(later, kept=kept) == evaluate(later)
