"""The vendor's incidents and our outages are brought together, each once, and what is left over is named."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agent.claims.incidents import grouped, match_incidents
from agent.model.availability import Cause
from agent.model.contract_files import ReceivedIncident, VendorIncident
from agent.model.incident_match import Match, ServerOutage

NIGHT = datetime(2026, 10, 14, 1, 20, tzinfo=UTC)
START, END = datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)


def outage(name="srv-01", begin=0.0, minutes=24.0, cause=Cause.HOST_FAILURE, **more):
    start = NIGHT + timedelta(minutes=begin)
    end = start + timedelta(minutes=minutes)
    values = {"vcenter": "dc1", "vm_id": name, "who": None, **more}
    return ServerOutage(name=name, start=start, end=end, earliest_start=start, cause=cause, **values)


def told(begin=0.0, minutes=24.0, number="INC-4711", **more):
    start = NIGHT + timedelta(minutes=begin)
    incident = VendorIncident(id=number, from_=start, to=start + timedelta(minutes=minutes), **more)
    return ReceivedIncident(incident=incident, file="report.yaml")


def matched(outages, incidents):
    return match_incidents(outages, incidents, START, END)


def test_an_incident_that_both_sides_know_is_matched_with_its_differences():
    (one,) = matched([outage("a"), outage("b", 1), outage("c", 1)], [told(9, 12, vms=2)])
    assert one.match is Match.MATCHED
    assert (one.start_difference_s, one.length_difference_s, one.missing_servers) == (540, 780, 1)
    assert one.ours.servers == ("a", "b", "c")


def test_an_outage_that_the_vendor_does_not_tell_of_is_only_ours():
    assert [one.match for one in matched([outage()], [])] == [Match.ONLY_OURS]


def test_an_incident_that_we_did_not_measure_is_only_theirs():
    found = matched([outage()], [told(24 * 60)])
    assert [one.match for one in found] == [Match.ONLY_OURS, Match.ONLY_THEIRS]


def test_planned_work_and_the_customers_own_switching_off_need_not_be_reported():
    assert [one.match for one in matched([outage(excused=True)], [])] == [Match.EXCUSED]
    assert [one.match for one in matched([outage("a", excused=True), outage("b")], [])] == [Match.ONLY_OURS]


def test_servers_of_one_failed_host_are_one_incident_and_other_causes_are_others():
    groups = grouped([outage("a"), outage("b", 2), outage("c", 3, cause=Cause.POWER_OFF), outage("d", 60)])
    assert [one.servers for one in groups] == [("a", "b"), ("c",), ("d",)]


def test_where_the_vendor_names_servers_one_must_be_the_same():
    assert [one.match for one in matched([outage("a")], [told(servers=("B",))])] == [Match.ONLY_OURS, Match.ONLY_THEIRS]
    assert matched([outage("a")], [told(servers=("A", "z"))])[0].match is Match.MATCHED


def test_times_that_nearly_meet_are_the_same_if_nothing_lies_nearer():
    assert matched([outage()], [told(34)])[0].match is Match.MATCHED
    near, far = outage("near", 30), outage("far", 0, 10)
    found = matched([near, far], [told(34)])
    assert {one.ours.servers[0]: one.match for one in found} == {"far": Match.ONLY_OURS, "near": Match.MATCHED}


def test_what_began_before_the_month_and_reached_into_it_is_of_the_month():
    early = outage(begin=(START - NIGHT) / timedelta(minutes=1) - 10)
    assert len(matched([early], [])) == 1
    assert match_incidents([outage(begin=-10_000_000)], [], START, END) == ()


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 60), st.sampled_from("abc")), max_size=8),
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 60)), max_size=8),
)
def test_every_outage_and_every_incident_is_found_exactly_once(outages, incidents):
    ours = [outage(f"{name}{n}", begin, minutes) for n, (begin, minutes, name) in enumerate(outages)]
    theirs = [told(begin, minutes, f"INC-{n}") for n, (begin, minutes) in enumerate(incidents)]
    found = matched(ours, theirs)
    assert sorted(name for one in found if one.ours for name in one.ours.servers) == sorted(one.name for one in ours)
    assert sorted(one.theirs.incident.id for one in found if one.theirs) == sorted(one.incident.id for one in theirs)
