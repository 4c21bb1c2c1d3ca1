"""QueryPerf written and read as text, against pyVmomi's own writing and reading of the same."""

from datetime import UTC, datetime

import pytest
from pyVmomi import vim
from pyVmomi.SoapAdapter import SoapResponseDeserializer
from pyVmomi.VmomiSupport import GetServiceVersions, GetVmodlType

from agent.clock import SystemClock
from agent.errors import Undecodable
from agent.simulator.vcenter import SimulatedVCenter
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.performance import EntityAnswer, PerformanceReader, QuerySpec, request_text
from agent.vcenter.session import connect
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport
from tests.agent.collectors.running import new_estate
from tests.agent.collectors.test_inventory import powered_on_vm

NAMES = ("cpu.ready.summation", "net.usage.average", "mem.active.average", "virtualDisk.numberReadAveraged.average")


def stub_to(**options):
    clock = SystemClock()
    return Stub(Transport(Endpoint(name="dc1", **options), clock))


@pytest.fixture
def session(tmp_path):
    with SimulatedVCenter(new_estate()) as vcenter:
        (tmp_path / "ca.pem").write_bytes(vcenter.ca_pem)
        stub = stub_to(host="127.0.0.1", port=vcenter.port, username="checkmeter", ca_file=tmp_path / "ca.pem")
        opened = connect(stub, "checkmeter", "simulated", SystemClock())
        opened.vcenter = vcenter
        yield opened
        opened.close()


def typed(spec: QuerySpec, form: str = "csv"):
    manager = vim.PerformanceManager
    kind = getattr(vim, spec.vsphere_type)
    return manager.QuerySpec(
        entity=kind(spec.moid),
        startTime=datetime.fromtimestamp(spec.after_s, UTC),
        metricId=[manager.MetricId(counterId=counter, instance=instance) for counter, instance in spec.metrics],
        intervalId=spec.interval_s,
        format=form,
    )


def test_the_request_is_byte_for_byte_what_pyvmomi_writes():
    stub = stub_to(host="127.0.0.1", username="u")
    stub.version = GetServiceVersions("vim25")[0]
    stub.ComputeVersionInfo(stub.version)
    specs = [
        QuerySpec("VirtualMachine", "vm-1", 1767225600, 20, ((12, ""), (143, "*"))),
        QuerySpec("HostSystem", "host-9", 1767225661, 300, ((2, "vmnic<0>&"),)),
    ]
    manager = vim.PerformanceManager("PerfMgr", stub)
    written = stub.SerializeRequest(manager, manager._GetMethodInfo("QueryStats"), [[typed(spec) for spec in specs]])
    assert request_text(stub.soap_version, "PerfMgr", specs) == written


def specs_for(session, moids, reader, names=NAMES):
    known = reader.definitions()
    after = int(session.vcenter.estate.now().timestamp()) - 400
    metrics = tuple((known[name].id, instance) for name in names for instance in ("", "*"))
    return [QuerySpec("VirtualMachine", moid, after, 20, metrics) for moid in moids]


def by_series(answer):
    return {
        (answer.moid, counter, instance, at): int(value)
        for counter, instance, values in answer.series
        for at, value in zip(answer.times, values.split(","), strict=True)
    }


def test_the_answer_read_as_text_equals_pyvmomis_reading_of_the_same_samples(session):
    reader = PerformanceReader(session)
    moids = list(session.vcenter.estate.ids(vim.VirtualMachine))[:10]
    specs = specs_for(session, moids, reader)
    ours = {key: value for answer in reader.query(specs, chunk=3) for key, value in by_series(answer).items()}
    theirs = {}
    for entity in session.content.perfManager.QueryStats([typed(spec, "normal") for spec in specs]):
        times = [int(info.timestamp.timestamp()) for info in entity.sampleInfo]
        for series in entity.value:
            for at, value in zip(times, series.value, strict=True):
                theirs[entity.entity._GetMoId(), series.id.counterId, series.id.instance or "", at] = value
    newest_both = min(max(key[3] for key in ours), max(key[3] for key in theirs))
    assert {key: value for key, value in ours.items() if key[3] <= newest_both} == {
        key: value for key, value in theirs.items() if key[3] <= newest_both
    }
    assert len(ours) > 1000


def test_an_object_that_is_gone_costs_no_other_its_samples(session):
    reader = PerformanceReader(session)
    moid = powered_on_vm(session.vcenter.estate)
    specs = specs_for(session, [moid, "vm-gone", moid], reader)
    assert [answer.moid for answer in reader.query(specs)] == [moid, moid]


def test_an_answer_written_in_another_way_is_read_by_a_parser(session):
    body = (
        b'<returnval xsi:type="PerfEntityMetricCSV"><entity type="VirtualMachine">vm-1</entity>'
        b"<sampleInfoCSV>20,2026-01-01T00:00:20Z,20,2026-01-01T00:00:40Z</sampleInfoCSV>"
        b'<value xsi:type="PerfMetricSeriesCSV"><id><counterId>12</counterId ><instance>a&amp;b</instance></id>'
        b"<value>1,-1</value></value>"
    )
    found = []
    PerformanceReader(session).take(body, found)
    assert found == [EntityAnswer("vm-1", 20, (1767225620, 1767225640), ((12, "a&b"),), ("1,-1",))]
    with pytest.raises(Undecodable, match="not well-formed"):
        PerformanceReader(session).take(b"<returnval><counterId>", found)


def test_garbage_in_place_of_samples_is_named_as_that(session):
    reader = PerformanceReader(session)
    specs = specs_for(session, [powered_on_vm(session.vcenter.estate)], reader)
    session.vcenter.faults.answer_garbage("QueryPerf")
    with pytest.raises(Undecodable, match="not well-formed XML"):
        list(reader.query(specs))


def test_every_counter_of_the_vcenter_is_known_by_name(session):
    known = PerformanceReader(session).definitions()
    ready = known["cpu.ready.summation"]
    assert (ready.id, ready.unit, ready.stats_type) == (12, "millisecond", "delta")
    assert len(known) > 80


def test_the_limit_of_a_query_is_read_from_vcenters_settings(session):
    session.vcenter.estate.options["config.vpxd.stats.maxQueryMetrics"] = 64
    assert PerformanceReader(session).most_metrics() == 64
    del session.vcenter.estate.options["config.vpxd.stats.maxQueryMetrics"]
    assert PerformanceReader(session).most_metrics() is None


def read_both_ways(session, specs):
    """One answer's bytes, read by us and by pyVmomi."""
    stub = session.stub
    request = request_text(stub.soap_version, session.content.perfManager._GetMoId(), specs)
    with stub.transport.post(request, stub.versionId, 10) as answer:
        body = b"".join(answer.chunks)
    ours = []
    reader = PerformanceReader(session)
    for block in body.split(b"</returnval>")[:-1]:
        reader.take(block, ours)
    parsed = []
    for block in body.split(b"</returnval>")[:-1]:
        reader._take_parsed(block[block.find(b"<returnval") :].decode(), parsed)
    assert parsed == ours  # the slow way round says the same
    theirs = SoapResponseDeserializer(stub).Deserialize(body, GetVmodlType("vim.PerformanceManager.EntityMetricBase[]"))
    return ours, theirs


def assert_equal(ours, theirs):
    assert [answer.moid for answer in ours] == [entity.entity._GetMoId() for entity in theirs]
    for answer, entity in zip(ours, theirs, strict=True):
        info = entity.sampleInfoCSV.split(",")
        assert {str(answer.interval_s)} == set(info[::2])
        assert [f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}" for at in answer.times] == info[1::2]
        assert list(answer.series) == [
            (series.id.counterId, series.id.instance or "", series.value) for series in entity.value
        ]


def test_the_same_bytes_of_the_simulator_mean_the_same_to_us_and_to_pyvmomi(session):
    moids = list(session.vcenter.estate.ids(vim.VirtualMachine))[:10]
    ours, theirs = read_both_ways(session, specs_for(session, moids, PerformanceReader(session)))
    assert len(ours) > 5
    assert_equal(ours, theirs)


@pytest.mark.needs("go")
def test_the_same_bytes_of_vcsim_mean_the_same_to_us_and_to_pyvmomi(vcsim):
    stub = stub_to(host=vcsim.host, port=vcsim.port, username=vcsim.user, fingerprint=vcsim.fingerprint)
    session = connect(stub, vcsim.user, vcsim.password, SystemClock())
    try:
        known = PerformanceReader(session).definitions()
        metrics = tuple((known[name].id, "") for name in ("cpu.ready.summation", "cpu.usage.average"))
        vms = [one for one in session.reader.objects_in(session.view) if isinstance(one, vim.VirtualMachine)]
        after = int(SystemClock().now().timestamp()) - 120
        specs = [QuerySpec("VirtualMachine", vm._GetMoId(), after, 20, metrics) for vm in vms]
        ours, theirs = read_both_ways(session, specs)
        assert len(ours) == len(vms)
        assert_equal(ours, theirs)
    finally:
        session.close()


def block(moid, values, instances=("", "naa.1&amp;2"), outer="<value>"):
    series = "".join(
        f"{outer}<id><counterId>12</counterId><instance>{instance}</instance></id><value>{text}</value></value>"
        for instance, text in zip(instances, values, strict=True)
    )
    info = "<sampleInfoCSV>20,2026-01-01T00:00:20Z</sampleInfoCSV>"
    return f'<returnval xsi:type="PerfEntityMetricCSV"><entity type="VirtualMachine">{moid}</entity>{info}{series}'.encode()


@pytest.mark.parametrize("outer", ["<value>", '<value xsi:type="PerfMetricSeriesCSV">'])
def test_an_answer_of_a_form_that_was_read_before_is_read_the_same_as_the_first(outer):
    reader = PerformanceReader(None)
    found = []
    for moid, values in (("vm-1", ("1", "2")), ("vm-2", ("3", "")), ("vm&amp;3", ("-1", "5"))):
        reader.take(block(moid, values, outer=outer), found)
    reader.take(block("vm-4", ("6", "7"), instances=("", "naa.9"), outer=outer), found)
    assert len(reader._forms) == 2
    assert [(one.moid, one.series) for one in found] == [
        ("vm-1", ((12, "", "1"), (12, "naa.1&2", "2"))),
        ("vm-2", ((12, "", "3"), (12, "naa.1&2", ""))),
        ("vm&3", ((12, "", "-1"), (12, "naa.1&2", "5"))),
        ("vm-4", ((12, "", "6"), (12, "naa.9", "7"))),
    ]
    assert found[0].ids is found[2].ids
