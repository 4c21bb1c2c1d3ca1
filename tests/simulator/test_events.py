"""Event collectors: filters, scrolling, the latest page, retention, and pages that are short though more exists."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pyVmomi import vim, vmodl

from agent.simulator.objects import Estate
from agent.simulator.vcenter import SimulatedVCenter
from tests.simulator.clients import PASSWORD, USER, Client, connected
from tests.simulator.tiny_estate import SteppedClock, tiny_estate

START = datetime(2026, 11, 2, 8, tzinfo=UTC)
Filter = vim.event.EventFilterSpec


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(START)


@pytest.fixture
def vcenter(clock: SteppedClock) -> Any:
    with SimulatedVCenter(tiny_estate(clock), users={USER: PASSWORD, "folder": PASSWORD}) as running:
        yield running


def post(estate: Estate, moid: str, kind: type = vim.event.VmPoweredOffEvent, **more: Any) -> Any:
    host = vim.event.HostEventArgument(name="esx01", host=vim.HostSystem("host-1"))
    vm = vim.event.VmEventArgument(name=moid, vm=vim.VirtualMachine(moid))
    return estate.event(kind(vm=vm, host=host, template=False, **more))


def collector(client: Client, **wanted: Any) -> Any:
    return client.content.eventManager.CreateCollectorForEvents(Filter(**wanted))


def about(moid: str, type_: type = vim.VirtualMachine, recursion: str = "all") -> Any:
    return Filter.ByEntity(entity=type_(moid), recursion=recursion)


def keys(events: Any) -> list[int]:
    return [one.key for one in events]


def test_reading_goes_from_the_oldest_to_the_newest_and_back(vcenter: SimulatedVCenter, client: Client) -> None:
    for _ in range(5):
        post(vcenter.estate, "vm-1")
    reader = collector(client)
    assert [keys(reader.ReadNextEvents(2)) for _ in range(4)] == [[1, 2], [3, 4], [5], []]
    assert keys(reader.ReadPreviousEvents(2)) == [5, 4]
    reader.RewindCollector()
    assert keys(reader.ReadNextEvents(100)) == [1, 2, 3, 4, 5]
    post(vcenter.estate, "vm-1")
    assert keys(reader.ReadNextEvents(100)) == [6]


def test_the_latest_page_is_as_long_as_was_set(vcenter: SimulatedVCenter, client: Client) -> None:
    for _ in range(15):
        post(vcenter.estate, "vm-1")
    reader = collector(client)
    assert len(reader.latestPage) == 10
    reader.SetCollectorPageSize(3)
    assert set(keys(reader.latestPage)) == {13, 14, 15}
    reader.ResetCollector()
    assert keys(reader.ReadNextEvents(100)) == [13, 14, 15]
    with pytest.raises(vmodl.fault.InvalidArgument):
        reader.SetCollectorPageSize(1001)


def test_types_are_matched_by_class_or_by_the_id_of_an_extended_event(
    vcenter: SimulatedVCenter, client: Client
) -> None:
    restarted = "com.vmware.vc.ha.VmRestartedByHAEvent"
    post(vcenter.estate, "vm-1")
    post(vcenter.estate, "vm-1", vim.event.VmPoweredOnEvent)
    vcenter.estate.event(vim.event.EventEx(eventTypeId=restarted, objectId="vm-1", objectType=vim.VirtualMachine))
    assert keys(collector(client, eventTypeId=["VmPoweredOnEvent"]).ReadNextEvents(10)) == [2]
    (extended,) = collector(client, eventTypeId=[restarted]).ReadNextEvents(10)
    assert (extended.eventTypeId, extended.objectId) == (restarted, "vm-1")


def test_a_window_holds_both_its_ends(vcenter: SimulatedVCenter, client: Client, clock: SteppedClock) -> None:
    for _ in range(4):
        post(vcenter.estate, "vm-1")
        clock.step(60)
    window = Filter.ByTime(beginTime=START + timedelta(seconds=60), endTime=START + timedelta(seconds=120))
    assert keys(collector(client, time=window).ReadNextEvents(10)) == [2, 3]


def test_an_entity_is_matched_alone_or_with_all_below_it(vcenter: SimulatedVCenter, client: Client) -> None:
    post(vcenter.estate, "vm-1")
    post(vcenter.estate, "vm-3")
    assert keys(collector(client, entity=about("vm-3", recursion="self")).ReadNextEvents(10)) == [2]
    assert keys(collector(client, entity=about("group-v2", vim.Folder)).ReadNextEvents(10)) == [1]
    assert keys(collector(client, entity=about("group-v2", vim.Folder, "self")).ReadNextEvents(10)) == []
    assert keys(collector(client, entity=about("group-d1", vim.Folder)).ReadNextEvents(10)) == [1, 2]


def test_events_of_a_deleted_vm_stay_below_its_folder(vcenter: SimulatedVCenter, client: Client) -> None:
    post(vcenter.estate, "vm-1")
    vcenter.estate.remove("vm-1")
    assert keys(collector(client, entity=about("group-v2", vim.Folder)).ReadNextEvents(10)) == [1]


def test_users_and_chains_are_matched(vcenter: SimulatedVCenter, client: Client) -> None:
    post(vcenter.estate, "vm-1", userName="VENDOR\\anna", chainId=77)
    post(vcenter.estate, "vm-1")
    people = Filter.ByUsername(systemUser=False, userList=["VENDOR\\anna"])
    assert keys(collector(client, userName=people).ReadNextEvents(10)) == [1]
    assert keys(collector(client, eventChainId=77).ReadNextEvents(10)) == [1]


def test_events_older_than_the_retention_are_gone(
    vcenter: SimulatedVCenter, client: Client, clock: SteppedClock
) -> None:
    post(vcenter.estate, "vm-1")
    clock.step(29 * 86400)
    post(vcenter.estate, "vm-1")
    assert keys(collector(client).ReadNextEvents(10)) == [1, 2]
    clock.step(2 * 86400)
    assert keys(collector(client).ReadNextEvents(10)) == [2]
    vcenter.estate.options["event.maxAgeEnabled"] = False
    assert keys(collector(client).ReadNextEvents(10)) == [1, 2]


def test_a_query_answers_one_page_newest_first(vcenter: SimulatedVCenter, client: Client) -> None:
    for _ in range(1005):
        post(vcenter.estate, "vm-1")
    manager = client.content.eventManager
    assert keys(manager.QueryEvents(Filter()))[:2] == [1005, 1004]
    assert len(manager.QueryEvents(Filter())) == 1000
    assert keys(manager.QueryEvents(Filter(maxCount=2))) == [1005, 1004]


def test_a_session_has_only_so_many_collectors(client: Client) -> None:
    made = [collector(client) for _ in range(32)]
    with pytest.raises(vim.fault.InvalidState):
        collector(client)
    made[0].DestroyCollector()
    collector(client)


def test_a_limited_account_reads_only_events_of_what_it_sees(vcenter: SimulatedVCenter) -> None:
    vcenter.faults.limit_visibility("folder", "group-v2")
    for moid in ("vm-1", "vm-3", "vm-2"):
        post(vcenter.estate, moid)
    with connected(vcenter, "folder", PASSWORD) as limited:
        assert keys(collector(limited).ReadNextEvents(10)) == [1, 3]


def test_pages_may_be_short_or_empty_though_more_events_exist(vcenter: SimulatedVCenter) -> None:
    vcenter.faults.limit_visibility("folder", "group-v2")
    vcenter.faults.raw_event_pages = True
    for moid in ("vm-3", "vm-3", "vm-1", "vm-3", "vm-2", "vm-3"):
        post(vcenter.estate, moid)
    with connected(vcenter, "folder", PASSWORD) as limited:
        reader = collector(limited)
        assert [keys(reader.ReadNextEvents(2)) for _ in range(3)] == [[], [3], [5]]


def test_the_formatted_message_is_left_out_on_request(vcenter: SimulatedVCenter, client: Client) -> None:
    post(vcenter.estate, "vm-1", fullFormattedMessage="srv-01 is powered off")
    told = [collector(client, disableFullMessage=short).ReadNextEvents(1)[0] for short in (False, True)]
    assert [one.fullFormattedMessage for one in told] == ["srv-01 is powered off", None]


def test_the_latest_event_and_the_categories_can_be_read(vcenter: SimulatedVCenter, client: Client) -> None:
    post(vcenter.estate, "vm-1")
    manager = client.content.eventManager
    assert manager.latestEvent.key == 1
    categories = {one.key: one.category for one in manager.description.eventInfo}
    assert categories[vim.event.HostConnectionLostEvent] == "error"
