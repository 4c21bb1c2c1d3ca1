"""The smaller services: settings, licences, alarms, search, attributes, roles, host clocks, ESXi, and what is unknown."""

import gzip
import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from pyVmomi import vim, vmodl

from agent.simulator.objects import Estate
from agent.simulator.vcenter import SimulatedVCenter
from tests.simulator.clients import PASSWORD, TIMEOUT, USER, Client, connected, trusting
from tests.simulator.tiny_estate import real_time


def test_settings_are_found_by_name_or_by_prefix(client: Client) -> None:
    setting = client.content.setting
    assert [(one.key, one.value) for one in setting.QueryOptions("event.maxAge")] == [("event.maxAge", 30)]
    assert {one.key for one in setting.QueryOptions("event.")} == {"event.maxAge", "event.maxAgeEnabled"}
    assert len(setting.QueryOptions()) == len(setting.setting) == 3
    with pytest.raises(vim.fault.InvalidName):
        setting.QueryOptions("event.maxAges")


def test_licences_are_read_by_what_they_are_assigned_to(vcenter: SimulatedVCenter, client: Client) -> None:
    licence = vim.LicenseManager.LicenseInfo(
        licenseKey="00000-TEST", editionKey="esx", name="vSphere 8", total=32, used=32, costUnit="cpuCore"
    )
    assignment = vim.LicenseAssignmentManager.LicenseAssignment(entityId="host-1", assignedLicense=licence)
    vcenter.estate.licence_assignments = [assignment]
    assignments = client.content.licenseManager.licenseAssignmentManager
    assert [one.assignedLicense.name for one in assignments.QueryAssignedLicenses("host-1")] == ["vSphere 8"]
    assert assignments.QueryAssignedLicenses("host-2") == []
    vcenter.faults.access.privileges[USER] = frozenset({"System.Anonymous", "System.View", "Global.Licenses"})
    assert [one.name for one in client.content.licenseManager.licenses] == ["vSphere 8"]


def test_alarms_and_their_states_are_found_by_entity(vcenter: SimulatedVCenter, client: Client) -> None:
    alarm = vim.alarm.Alarm("alarm-1")
    info = vim.alarm.AlarmInfo(
        key="alarm-1",
        alarm=alarm,
        entity=vim.Folder("group-d1"),
        name="Host CPU usage",
        description="",
        enabled=True,
        expression=vim.alarm.EventAlarmExpression(eventType=vim.event.EventEx),
        lastModifiedTime=datetime(2026, 1, 1, tzinfo=UTC),
        lastModifiedUser="",
        creationEventId=0,
    )
    vcenter.estate.add(vim.alarm.Alarm, "alarm-1", info=info)
    state = vim.alarm.AlarmState(
        key="alarm-1.host-1",
        entity=vim.HostSystem("host-1"),
        alarm=alarm,
        overallStatus="red",
        time=datetime(2026, 11, 2, tzinfo=UTC),
        acknowledged=False,
    )
    vcenter.estate.set("host-1", "declaredAlarmState", [state])
    alarms = client.content.alarmManager
    assert alarms.GetAlarm(client.content.rootFolder) == alarms.GetAlarm() == [alarm]
    assert alarms.GetAlarm(vim.HostSystem("host-1")) == []
    assert [one.overallStatus for one in alarms.GetAlarmState(vim.HostSystem("host-1"))] == ["red"]
    assert client.read(vim.HostSystem, "declaredAlarmState")["host-1"]["declaredAlarmState"][0].alarm == alarm


def test_objects_are_found_by_path_uuid_name_and_address(client: Client) -> None:
    index, vm = client.content.searchIndex, vim.VirtualMachine("vm-1")
    assert index.FindByInventoryPath("Rådhus/vm/Borger/srv-01") == vm
    assert index.FindByInventoryPath("/Rådhus/host/Klynge/esx01.kommune.example") == vim.HostSystem("host-1")
    assert index.FindByInventoryPath("Rådhus/vm/nowhere") is None
    assert index.FindByUuid(None, "50000000-0000-0000-0000-000000000001", True, True) == vm
    assert index.FindByUuid(vim.Datacenter("datacenter-1"), "42000000-0000-0000-0000-000000000001", True) == vm
    assert index.FindByUuid(None, "44454C4C-0000-1000-8000-000000000002", False) == vim.HostSystem("host-2")
    assert index.FindAllByUuid(None, "no such", True, True) == []
    assert index.FindByDnsName(None, "srv-02.kommune.example", True) == vim.VirtualMachine("vm-2")
    assert index.FindByIp(None, "192.0.2.3", True) == vim.VirtualMachine("vm-3")
    assert index.FindChild(vim.Folder("group-v1"), "Borger") == vim.Folder("group-v2")


def test_custom_attributes_are_read(vcenter: SimulatedVCenter, client: Client) -> None:
    owner = vim.CustomFieldsManager.FieldDef(key=101, name="Owner", type=str, managedObjectType=vim.VirtualMachine)
    vcenter.estate.set("CustomFieldsManager", "field", [owner])
    value = vim.CustomFieldsManager.StringValue(key=101, value="Økonomi")
    vcenter.estate.set("vm-1", "customValue", [value])
    (found,) = client.content.customFieldsManager.field
    assert (found.key, found.name, found.managedObjectType) == (101, "Owner", vim.VirtualMachine)
    assert client.read(vim.VirtualMachine, "customValue")["vm-1"]["customValue"][0].value == "Økonomi"


def test_an_account_can_ask_what_it_may_do(client: Client) -> None:
    content = client.content
    key = content.sessionManager.currentSession.key
    may = content.authorizationManager.HasPrivilegeOnEntity
    assert may(content.rootFolder, key, ["System.View", "VirtualMachine.Interact.PowerOff"]) == [True, False]
    assert [one.name for one in content.authorizationManager.roleList if one.roleId == -2] == ["ReadOnly"]
    with pytest.raises(vmodl.fault.InvalidArgument):
        may(content.rootFolder, "no such session", ["System.View"])


def test_a_host_may_have_a_clock_of_its_own(vcenter: SimulatedVCenter, client: Client) -> None:
    system = vim.host.DateTimeSystem("dateTimeSystem-1")
    vcenter.estate.add(vim.host.DateTimeSystem, "dateTimeSystem-1")
    manager = vim.host.ConfigManager(dateTimeSystem=system)
    vcenter.estate.set("host-1", "configManager", manager)
    vcenter.estate.clock_offsets["host-1"] = 300.0
    (read,) = [
        one["configManager.dateTimeSystem"]
        for one in client.read(vim.HostSystem, "configManager.dateTimeSystem").values()
        if one
    ]
    ahead = read.QueryDateTime() - datetime.now(UTC)
    assert timedelta(seconds=240) < ahead < timedelta(seconds=360)


def test_an_operation_that_would_change_something_is_not_supported(client: Client) -> None:
    with pytest.raises((vmodl.fault.NotSupported, vim.fault.NoPermission)):
        client.content.rootFolder.CreateFolder("new")
    with pytest.raises(vmodl.fault.NotSupported):
        client.content.viewManager.CreateInventoryView()


def test_a_lone_host_calls_itself_a_host_agent() -> None:
    estate = Estate(7, real_time)
    host, root = vim.HostSystem("ha-host"), vim.Folder("ha-folder-root")
    estate.add(vim.Folder, "ha-folder-root", name="ha-folder-root", childEntity=[vim.Datacenter("ha-datacenter")])
    estate.add(
        vim.Datacenter, "ha-datacenter", name="ha-datacenter", parent=root, hostFolder=vim.Folder("ha-folder-host")
    )
    estate.add(
        vim.Folder,
        "ha-folder-host",
        name="host",
        parent=vim.Datacenter("ha-datacenter"),
        childEntity=[vim.ComputeResource("ha-compute-res")],
    )
    estate.add(vim.ComputeResource, "ha-compute-res", name="esx01", parent=vim.Folder("ha-folder-host"), host=[host])
    estate.add(vim.HostSystem, "ha-host", name="esx01", parent=vim.ComputeResource("ha-compute-res"))
    with SimulatedVCenter(estate, users={USER: PASSWORD}, kind="esxi") as esxi, connected(esxi) as client:
        about = client.content.about
        assert (about.apiType, about.productLineId, about.instanceUuid) == ("HostAgent", "embeddedEsx", None)
        assert client.content.alarmManager is None
        assert client.content.perfManager.historicalInterval == []
        assert client.read(vim.HostSystem, "name") == {"ha-host": {"name": "esx01"}}


@contextmanager
def plain(vcenter: SimulatedVCenter) -> Iterator[http.client.HTTPSConnection]:
    connection = http.client.HTTPSConnection(vcenter.host, vcenter.port, timeout=TIMEOUT, context=trusting(vcenter))
    try:
        yield connection
    finally:
        connection.close()


def envelope(body: str) -> bytes:
    return (
        f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>{body}</e:Body></e:Envelope>'.encode()
    )


CONTENT = '<RetrieveServiceContent xmlns="urn:vim25"><_this type="ServiceInstance">ServiceInstance</_this></RetrieveServiceContent>'


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_comes_whole_or_in_chunks_and_goes_compressed(vcenter: SimulatedVCenter, chunked: bool) -> None:
    body = envelope(CONTENT)
    with plain(vcenter) as connection:
        pieces = iter([body[:100], body[100:]]) if chunked else body
        connection.request("POST", "/sdk", pieces, {"Accept-Encoding": "gzip"}, encode_chunked=chunked)
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")
        assert b"<apiType>VirtualCenter</apiType>" in gzip.decompress(answer.read())
        connection.request("POST", "/sdk", body)
        assert connection.getresponse().read().startswith(b"<?xml")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"not xml", b"InvalidRequestFault"),
        (envelope(""), b"InvalidRequestFault"),
        (envelope(CONTENT.replace("RetrieveServiceContent", "Frobnicate")), b"NotImplementedFault"),
        (envelope(CONTENT.replace(">ServiceInstance<", ">Elsewhere<")), b"ManagedObjectNotFoundFault"),
    ],
)
def test_a_call_that_makes_no_sense_is_a_fault(vcenter: SimulatedVCenter, body: bytes, fault: bytes) -> None:
    with plain(vcenter) as connection:
        connection.request("POST", "/sdk", body)
        answer = connection.getresponse()
        assert answer.status == 500
        assert fault in answer.read()


def test_the_versions_document_names_the_newest_version(vcenter: SimulatedVCenter) -> None:
    with plain(vcenter) as connection:
        connection.request("GET", "/sdk/vimServiceVersions.xml")
        assert b"<version>8.0.3.0</version>" in connection.getresponse().read()
        connection.request("GET", "/elsewhere")
        assert connection.getresponse().status == 404
