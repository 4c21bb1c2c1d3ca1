"""Events from XML, also such as this agent has never heard of."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest

from agent.vcenter.event_decode import decode_event

HEAD = "<key>7</key><chainId>5</chainId><createdTime>2026-11-02T08:00:00.5Z</createdTime><userName>anna</userName>"


def decoded(kind: str, inner: str, head: str = HEAD):
    envelope = f'<r xmlns="urn:vim25" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><returnval xsi:type="{kind}">{head}{inner}</returnval></r>'
    return decode_event(ET.fromstring(envelope)[0])


def test_an_extended_event_is_known_by_its_type_id_and_keeps_its_arguments():
    event = decoded(
        "EventEx",
        "<eventTypeId>esx.audit.host.boot</eventTypeId><severity>info</severity>"
        '<arguments><key>reason</key><value xsi:type="xsd:string">power</value></arguments>'
        "<objectId>host-3</objectId><objectType>HostSystem</objectType><objectName>esx03</objectName>",
    )
    assert (event.kind, event.host, event.host_name) == ("esx.audit.host.boot", "host-3", "esx03")
    assert event.fields["arguments.reason"] == "power"
    assert event.fields["severity"] == "info"


def test_an_object_that_is_named_both_ways_keeps_its_argument():
    event = decoded(
        "EventEx",
        "<eventTypeId>x</eventTypeId><vm><name>srv</name><vm type='VirtualMachine'>vm-1</vm></vm>"
        "<objectId>vm-2</objectId><objectType>VirtualMachine</objectType><objectName>other</objectName>",
    )
    assert (event.vm, event.vm_name) == ("vm-1", "srv")


def test_everything_else_is_flattened_and_nothing_overwrites_another():
    event = decoded(
        "TaskEvent",
        "<info><descriptionId>VirtualMachine.createSnapshot</descriptionId><reason xsi:type='TaskReasonUser'>"
        "<userName>per</userName></reason><locked>a</locked><locked>b</locked></info><changeTag>x</changeTag>",
    )
    assert event.fields == {
        "info.descriptionId": "VirtualMachine.createSnapshot",
        "info.reason.@type": "TaskReasonUser",
        "info.reason.userName": "per",
        "info.locked": "a",
        "info.locked#2": "b",
        "changeTag": "x",
    }


def test_times_without_zone_are_utc_and_others_are_turned_to_it():
    for text in ("2026-11-02T08:00:00", "2026-11-02T09:00:00+01:00"):
        assert decoded("E", "", f"<key>1</key><createdTime>{text}</createdTime>").created == datetime(
            2026, 11, 2, 8, tzinfo=UTC
        )


@pytest.mark.parametrize("head", ["<key>7</key>", "<createdTime>2026-11-02T08:00:00Z</createdTime>", "<key>x</key>"])
def test_an_event_without_key_or_time_is_no_evidence(head):
    with pytest.raises(ValueError):
        decoded("VmPoweredOnEvent", "", head)
