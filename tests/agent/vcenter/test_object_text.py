"""What is read of objects as text is what a parser makes of the same bytes, however they are written."""

import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pyVmomi.VmomiSupport import GetServiceVersions, versionIdMap

from agent.clock import SystemClock
from agent.collectors.inventory_reading import InventoryReading
from agent.model.property import Pace
from agent.model.virtual_machine import VirtualMachine
from agent.vcenter.changes import Change, paths_for
from agent.vcenter.element_stream import ElementStream
from agent.vcenter.object_text import ObjectText
from agent.vcenter.session import connect
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport
from tests.agent.collectors.running import simulated

CASSETTES = Path(__file__).parents[2] / "cassettes"
VERSION = next(one for one in GetServiceVersions("vim25") if versionIdMap[one] == "8.0.3.0")
ASKED = {
    record: tuple(path for pace in Pace for path in paths_for(VERSION, pace)[record])
    for record in paths_for(VERSION, Pace.QUICK)
}
XSI = "http://www.w3.org/2001/XMLSchema-instance"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    f' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="{XSI}">\n<soapenv:Body>\n'
    '<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval>'
)
TAIL = "</returnval></RetrievePropertiesExResponse>\n</soapenv:Body>\n</soapenv:Envelope>"
PLAIN = '<propSet><name>name</name><val xsi:type="xsd:string">erp</val></propSet>'
VM = f'<objects><obj type="VirtualMachine">vm-1</obj>{PLAIN}</objects>'


def read(chunks: Iterable[bytes], tag: str = "objects", *, as_text: bool) -> list[Change] | str:
    """The changes, or that it is not well-formed."""
    objects = ObjectText(ASKED, updates=tag == "objectSet")
    stream = ElementStream(tag, objects.take, objects.text if as_text else None)
    try:
        for chunk in chunks:
            stream.feed(chunk)
        stream.close()
    except ET.ParseError:
        return "not well-formed"
    return objects.found


def both(answer: str | bytes, tag: str = "objects", seed: int = 0) -> list[Change] | str:
    """What the parser reads; the text, cut anywhere, must be read the same."""
    body = answer if isinstance(answer, bytes) else answer.encode()
    cuts = sorted(random.Random(seed).choices(range(len(body) + 1), k=5))
    chunks = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    parsed = read([body], tag, as_text=False)
    assert read(chunks, tag, as_text=True) == read([body], tag, as_text=True) == parsed
    return parsed


def elements_needed(answer: str, tag: str = "objects") -> int:
    """For how many objects the parser was needed."""
    needed: list[ET.Element] = []
    stream = ElementStream(tag, needed.append, ObjectText(ASKED, updates=tag == "objectSet").text)
    stream.feed(answer.encode())
    stream.close()
    return len(needed)


def recorded_answers() -> Iterator[tuple[str, bytes]]:
    for file in sorted(CASSETTES.glob("*.yaml")):
        for one in yaml.load(file.read_text(), yaml.CSafeLoader)["interactions"]:
            body = one["response"]["body"]["string"]
            yield file.stem, body if isinstance(body, bytes) else body.encode()


def test_every_recorded_answer_is_read_the_same() -> None:
    changes = 0
    for _, body in recorded_answers():
        for tag in ("objects", "objectSet"):
            found = both(body, tag)
            changes += len(found)
    assert changes > 20


class KeepingTransport(Transport):
    """Keeps every answer as it came."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self.kept: list[bytes] = []

    def _chunks(self, response):
        whole = b"".join(super()._chunks(response))
        self.kept.append(whole)
        yield whole


def test_every_answer_of_a_simulated_vcenter_is_read_the_same_and_mostly_as_text(tmp_path: Path) -> None:
    with simulated(tmp_path) as (_, running):
        transport = KeepingTransport(running.collector._endpoint, SystemClock())
        session = connect(Stub(transport), "checkmeter", "simulated", SystemClock())
        reading = InventoryReading("dc1", SystemClock())
        reading.attach(session)
        reading.read_slow(session)
        read_before = len(transport.kept)
        reading.read_quick(session)
        session.close()
    changes = 0
    for number, body in enumerate(transport.kept):
        for tag in ("objects", "objectSet"):
            changes += len(both(body, tag, number))
    assert changes > 100
    (quick,) = transport.kept[read_before : read_before + 1]
    vms = quick.count(b'<obj type="VirtualMachine">')
    assert vms > 10
    assert elements_needed(quick.decode()) < quick.count(b"<objects>") - vms


@pytest.mark.parametrize(
    "odd",
    [
        VM,
        VM.replace("</obj>", "</obj>\n "),
        VM.replace("<objects>", "<objects >"),
        VM.replace("<objects>", '<objects xsi:type="ObjectContent">'),
        VM.replace("erp", "a &amp; b &#230;"),
        VM.replace("erp", "økonomi 𝄞 \u200b"),
        VM.replace("erp", "<![CDATA[<objects>]]>"),
        VM.replace("erp", "er<!-- x -->p"),
        VM.replace("erp", ""),
        VM.replace(">erp</val>", "/>"),
        VM.replace("erp", "a\r\nb"),
        VM.replace("erp", "a\x01b"),
        VM.replace("erp", "a\ufffeb"),
        VM.replace("erp", "a]]>b"),
        VM.replace("erp", "a > b"),
        VM.replace("xsd:string", "xsd:int").replace("erp", " 12 "),
        VM.replace('xsi:type="xsd:string"', f'xmlns:i="{XSI}" i:type="xsd:string"'),
        VM.replace('xsi:type="xsd:string"', ""),
        VM.replace(PLAIN, PLAIN + PLAIN.replace("erp", "second")),
        VM.replace(PLAIN, f"<!-- {PLAIN} -->"),
        VM.replace(PLAIN, f"<![CDATA[{PLAIN}]]>"),
        VM.replace("<name>name</name>", "<name>config.hardware.numCPU</name>"),
        VM.replace("<name>name</name>", "<name>config.unheardOf</name>"),
        VM.replace("<name>name</name>", "<name>nam&#101;</name>"),
        VM.replace("<name>name</name>", "<name>datastore</name>"),
        VM.replace("VirtualMachine", "QuantumMachine"),
        VM.replace('<obj type="VirtualMachine">vm-1</obj>', "").replace("</objects>", "<obj type='VirtualMachine'>v</obj></objects>"),
        VM.replace("</objects>", "<missingSet><path>name</path><fault><fault xsi:type='NoPermission'/></fault></missingSet></objects>"),
        VM.replace("</objects>", "<missingSet><path>config.uuid</path><fault/></missingSet></objects>"),
        VM.replace("</objects>", PLAIN.replace(">erp<", "><name>x</name><") + "</objects>"),
        f"<!-- {VM} -->{VM}",
        f"<!--<objects></objects>{VM}-->{VM}",
        f"<objects><!--</objects>{VM}--></objects>",
        f"<objects><?pi </objects>{VM}?></objects>",
        f"<x><![CDATA[{VM}]]></x>{VM}",
        f"{VM}\n{VM}",
        f"<token>1</token>{VM}<token>2</token>",
        VM.replace("</val>", "</vel>"),
        VM.replace("</objects>", "</object>"),
        VM + "</objects>",
        VM + "<objects>",
        "",
    ],
)  # fmt: skip
def test_odd_writing_is_read_as_the_parser_reads_it(odd: str) -> None:
    for around in ("{}", VM + "{}", VM + "{}" + VM.replace("vm-1", "vm-2")):
        for seed in range(8):
            both(HEAD + around.format(odd) + TAIL, seed=seed)


@pytest.mark.parametrize(
    "head",
    [
        HEAD.replace('"urn:vim25"', '"urn:other"'),
        HEAD.replace(f'"{XSI}"', '"urn:other"'),
        HEAD.replace(f' xmlns:xsi="{XSI}"', ""),
        HEAD.replace("<returnval>", "<returnval><!-- "),
        HEAD.replace("<soapenv:Body>", f'<soapenv:Body xmlns:xsi="{XSI}">'),
        "\ufeff" + HEAD,
        HEAD.replace("soapenv", "S"),
        HEAD.replace("<returnval>", "<returnval><token>t</token>"),
        HEAD.replace("<?xml", " <?xml"),
        "",
    ],
)
def test_an_answer_that_begins_in_another_way_is_read_as_the_parser_reads_it(head: str) -> None:
    both(head + VM + "--><objects/>" + TAIL)
    both(head + VM + TAIL)


def test_prefixed_elements_are_read_as_the_parser_reads_them() -> None:
    prefixed = re.sub(r"<(/?)(objects|obj|propSet|name|val)\b", r"<\1v:\2", VM)
    head = HEAD.replace("<soapenv:Envelope", '<soapenv:Envelope xmlns:v="urn:vim25"')
    (change,) = both(head + prefixed + TAIL)
    assert change.values["name"] == "erp"


def test_bytes_that_are_no_text_are_not_well_formed() -> None:
    assert both((HEAD + VM + TAIL).encode().replace(b"erp", b"e\xffp")) == "not well-formed"


def test_an_element_longer_than_is_held_as_text_is_read_all_the_same() -> None:
    long = VM.replace(
        PLAIN, PLAIN + PLAIN.replace("name</name", "config.annotation</name").replace("erp", "x" * 1_200_000)
    )
    body = (HEAD + long + VM + TAIL).encode()
    found = read([body[start : start + 65536] for start in range(0, len(body), 65536)], as_text=True)
    assert found == read([body], as_text=False)
    assert [len(change.values["annotation"] or "") for change in found] == [1_200_000, 0]


def test_a_comment_longer_than_is_held_as_text_hides_what_is_in_it() -> None:
    long = f"<!-- {'x' * 1_200_000}"
    parts = [HEAD + VM + long, VM, VM.replace("vm-1", "vm-2") + "-->" + VM + TAIL]
    chunks = [part.encode() for part in parts]
    assert read(chunks, as_text=True) == read(chunks, as_text=False)


VALUES = st.sampled_from(
    [
        "1",
        "-7",
        "true",
        "poweredOn",
        "2026-11-24T06:00:00Z",
        "a b",
        "",
        "x&lt;y",
        "æ",
        "lots",
        "9" * 5000,
        "\x01",
        "<a/>",
    ]
)
PATHS = st.sampled_from(sorted({*ASKED[VirtualMachine], "unheardOf"}))
PROPERTIES = st.lists(st.tuples(PATHS, VALUES, st.booleans()), max_size=6)
KINDS = st.sampled_from(["VirtualMachine", "HostSystem", "Datastore", "VirtualApp", "Unheard"])


def _written(name: str, value: str, odd: bool, *, update: bool) -> str:
    space = " " if odd else ""
    val = f'<val{space} xsi:type="xsd:string">{value}</val>'
    if update:
        return f"<changeSet><name>{name}</name><op>assign</op>{val}</changeSet>"
    return f"<propSet><name>{name}</name>{val}</propSet>"


@given(st.lists(st.tuples(KINDS, PROPERTIES), max_size=4), st.integers(0, 1000))
def test_any_contents_are_read_as_the_parser_reads_them(objects: list, seed: int) -> None:
    text = "".join(
        f'<objects><obj type="{kind}">x-{number}</obj>{"".join(_written(*one, update=False) for one in properties)}</objects>'
        for number, (kind, properties) in enumerate(objects)
    )
    both(HEAD + text + TAIL, seed=seed)


@given(
    st.lists(st.tuples(st.sampled_from(["enter", "modify", "leave"]), KINDS, PROPERTIES), max_size=4),
    st.integers(0, 1000),
)
def test_any_updates_are_read_as_the_parser_reads_them(objects: list, seed: int) -> None:
    text = "".join(
        f'<objectSet><kind>{update}</kind><obj type="{kind}">x-{number}</obj>'
        f"{''.join(_written(*one, update=True) for one in properties)}</objectSet>"
        for number, (update, kind, properties) in enumerate(objects)
    )
    both(HEAD + f"<version>3</version><filterSet>{text}</filterSet>" + TAIL, "objectSet", seed)
