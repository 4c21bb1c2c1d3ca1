"""`checkmeter ledger outages`, `ledger vm` and `ledger events`, as a user runs them."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agent.ledger.database import Database
from tests.agent.cli.invocation import checkmeter
from tests.agent.ledger.written import BEGIN, ERP, EVENTS, FILES, OFF_AT, ON_AT, power_event, vm_seen, write

COPENHAGEN = ("--timezone", "Europe/Copenhagen")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path


def asked(*arguments: str, state: Path, code: int = 0) -> str:
    done = checkmeter("ledger", *arguments, "--storage.path", state)
    assert "Traceback" not in done.stderr
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


def test_an_outage_is_listed_to_the_second_by_both_clocks_with_who_did_it_and_the_keys_of_its_events(
    state: Path,
) -> None:
    told = asked("outages", "--month", "2026-10", "--vm", "srv-01", *COPENHAGEN, state=state)
    assert told.splitlines() == [
        r"2026-10-03 14:02:11+02:00 (12:02:11Z)  srv-01  down  4:12  switched off by VENDOR\operator",
        "    VmPoweredOffEvent 4711 at 2026-10-03 14:02:11+02:00 (12:02:11Z)",
        "    VmPoweredOnEvent 4715 at 2026-10-03 14:06:23+02:00 (12:06:23Z)",
        (
            "1 outage, together 4:12, from 2026-10-01 00:00:00+02:00 (2026-09-30 22:00:00Z) "
            "to 2026-11-01 00:00:00+01:00 (2026-10-31 23:00:00Z)"
        ),
    ]


def test_the_night_in_which_summer_time_ends_has_no_hour_twice_in_utc(state: Path) -> None:
    told = asked("outages", "--month", "2026-10", "--vm", "srv-02", *COPENHAGEN, state=state)
    assert told.startswith("2026-10-25 02:30:00+02:00 (00:30:00Z)  srv-02  suspended  1:00:00  ")
    assert "VmPoweredOnEvent 5002 at 2026-10-25 02:30:00+01:00 (01:30:00Z)" in told


def test_a_month_is_as_long_as_it_is_by_local_clocks(state: Path) -> None:
    told = json.loads(asked("outages", "--month", "2026-10", *COPENHAGEN, "--json", state=state))
    assert (told["from"], told["to"]) == ("2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z")
    assert told["events_read_until"] == {"dc1": "2026-11-10T00:00:00Z"}


def test_the_json_document_has_every_outage_with_all_its_evidence(state: Path) -> None:
    told = json.loads(asked("outages", "--month", "2026-10", "--timezone", "UTC", "--json", state=state))
    first, second = told["outages"]
    assert (first["object_id"], first["name"], first["start"], first["seconds"]) == (
        ERP, "srv-01", "2026-10-03T12:02:11Z", 252.0,
    )  # fmt: skip
    assert [piece["event_key"] for piece in first["evidence"]] == [4711, 4715]
    assert first["learned_at"] == "2026-11-10T00:00:00Z"
    assert (second["object_id"], second["state"], second["seconds"]) == (FILES, "suspended", 3600.0)


def test_a_month_without_outages_says_so_and_until_when_events_are_read(state: Path) -> None:
    told = asked("outages", "--month", "2026-11", "--timezone", "UTC", state=state)
    assert told.splitlines() == [
        "0 outages, together 0 s, from 2026-11-01 00:00:00Z to 2026-12-01 00:00:00Z",
        "dc1: events are read until 2026-11-10 00:00:00Z",
    ]


def test_what_nothing_could_tell_is_no_outage_and_is_summed_up(tmp_path: Path) -> None:
    unseen = power_event(1, "HostConnectionLostEvent", OFF_AT)
    write(tmp_path, [replace(unseen, vm=None, vm_name=None)], until=OFF_AT + timedelta(hours=2))
    told = asked("outages", "--month", "2026-10", "--timezone", "UTC", state=tmp_path).splitlines()
    assert told[0].startswith("0 outages, together 0 s,")
    assert told[-1] == "unknown: together 4:02:00, of 2 VMs; `checkmeter ledger vm NAME` shows when and why"
    document = json.loads(asked("outages", "--month", "2026-10", "--vm", "srv-01", "--json", state=tmp_path))
    assert document["unknown"] == [{"vcenter": "dc1", "name": "srv-01", "seconds": 7260.0}]


def test_a_vm_that_was_removed_is_listed_in_the_month_in_which_it_went_and_not_ever_after(tmp_path: Path) -> None:
    write(tmp_path, [power_event(1, "VmRemovedEvent", OFF_AT)])
    october = json.loads(asked("outages", "--month", "2026-10", "--timezone", "UTC", "--json", state=tmp_path))
    november = json.loads(asked("outages", "--month", "2026-11", "--timezone", "UTC", "--json", state=tmp_path))
    assert [(one["cause"], one["start"]) for one in october["outages"]] == [("removed", "2026-10-03T12:02:11Z")]
    assert november["outages"] == []


def test_the_outages_of_hosts_are_listed_with_their_names(tmp_path: Path) -> None:
    events = [power_event(1, "HostConnectionLostEvent", OFF_AT), power_event(2, "HostConnectedEvent", ON_AT)]
    write(tmp_path, [replace(event, vm=None, vm_name=None) for event in events])
    told = asked("outages", "--kind", "host", "--month", "2026-10", "--timezone", "UTC", state=tmp_path)
    assert told.startswith("2026-10-03 12:02:11Z  esx01  not responding  4:12")


def test_the_timeline_of_a_vm_goes_without_a_gap_from_state_to_state(state: Path) -> None:
    told = asked(
        "vm", "srv-01", "--since", "2026-10-03", "--until", "2026-10-04", "--timezone", "UTC", state=state
    ).splitlines()
    states = [line for line in told if " for " in line]
    assert states == [
        "  2026-10-03 00:00:00Z  up for 12:02:11",
        r"  2026-10-03 12:02:11Z  down for 4:12: switched off by VENDOR\operator",
        "  2026-10-03 12:06:23Z  up for 11:53:37",
    ]
    assert told[0] == f"srv-01  {ERP}  in dc1"
    assert "      VmPoweredOffEvent 4711 at 2026-10-03 12:02:11Z" in told
    assert told[-1] == "  up 23:55:48, down 4:12"


def test_a_vm_that_was_renamed_and_registered_anew_has_one_history_under_all_its_names(tmp_path: Path) -> None:
    anew = OFF_AT + timedelta(days=5)
    again = [
        power_event(6000, "VmPoweredOffEvent", anew + timedelta(hours=1), "vm-9", "erp-new"),
        power_event(6001, "VmPoweredOnEvent", anew + timedelta(hours=2), "vm-9", "erp-new"),
    ]
    observed = [*vm_seen("vm-1", ERP, "srv-01", BEGIN), *vm_seen("vm-9", ERP, "erp-new", anew)]
    write(tmp_path, [*EVENTS[:2], *again], observed)
    for name in ("srv-01", "ERP-NEW", "vm-9", ERP):
        told = json.loads(asked("outages", "--month", "2026-10", "--vm", name, "--json", state=tmp_path))
        assert [(one["name"], one["evidence"][0]["event_key"]) for one in told["outages"]] == [
            ("srv-01", 4711),
            ("erp-new", 6000),
        ]


def test_a_vm_is_found_by_the_name_that_it_had_before_the_agent_came_and_called_so_then(tmp_path: Path) -> None:
    before = [
        power_event(4711, "VmPoweredOffEvent", OFF_AT, name="old-erp"),
        power_event(4712, "VmPoweredOnEvent", ON_AT, name="old-erp"),
    ]
    write(tmp_path, before, vm_seen("vm-1", ERP, "srv-01", ON_AT + timedelta(days=1)))
    told = json.loads(asked("outages", "--month", "2026-10", "--vm", "OLD-erp", "--json", state=tmp_path))
    assert [(one["object_id"], one["name"]) for one in told["outages"]] == [(ERP, "old-erp")]
    assert asked("vm", "old-erp", "--since", "2026-10-01", state=tmp_path).startswith(f"srv-01  {ERP}  in dc1")


def test_a_name_that_nobody_has_is_answered_in_one_line_with_names_like_it(state: Path) -> None:
    told = asked("vm", "srv", state=state, code=2)
    assert told.splitlines()[-1] == "Error: Invalid value for NAME: no VM 'srv' in the ledger; similar: srv-01, srv-02"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("outages", "--month", "October"), "'October' is no month, such as 2026-10"),
        (("vm", "srv-01", "--since", "yesterday"), "'yesterday' is no time, such as 2026-10-01"),
        (("vm", "srv-01", "--timezone", "Mars/Olympus"), "'Mars/Olympus' is no time zone of this machine"),
        (("vm", "srv-01", "--since", "2026-10-02", "--until", "2026-10-01"), "--since is not before --until"),
        (("outages", "--vcenter", "dc9"), "no vCenter 'dc9' in the ledger; it has dc1"),
        (("outages", "--vm", "srv-01", "--kind", "host"), "--vm goes with --kind vm only"),
    ],
)
def test_what_cannot_be_understood_is_said_in_one_line(state: Path, arguments: tuple[str, ...], problem: str) -> None:
    assert problem in asked(*arguments, state=state, code=2).splitlines()[-1]


def test_a_folder_without_a_ledger_is_said_and_left_without_one(tmp_path: Path) -> None:
    assert "there is no ledger" in asked("outages", state=tmp_path, code=1)
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_that_has_read_nothing_says_that_it_is_empty(tmp_path: Path) -> None:
    Database(tmp_path / "checkmeter.db").close()
    assert "the ledger is empty" in asked("events", state=tmp_path, code=1)


def test_events_are_found_by_vm_kind_user_and_time(state: Path) -> None:
    def keys(*arguments: str) -> list[int]:
        return [json.loads(line)["key"] for line in asked("events", "--json", *arguments, state=state).splitlines()]

    assert keys() == [4711, 4715, 5000, 5001, 5002]
    assert keys("--vm", "srv-02", "--kind", "VmPowered*") == [5002]
    assert keys("--kind", "VmSuspendedEvent", "--kind", "VmResumingEvent") == [5000, 5001]
    assert keys("--since", "2026-10-03T12:02:12Z", "--until", "2026-10-25") == [4715]
    assert keys("--user", r"vendor\OPERATOR", "--host", "ESX01", "--vm", "srv-01") == [4711, 4715]
    assert keys("--user", "nobody") == []


def test_an_event_is_printed_on_one_line_whatever_its_message(state: Path) -> None:
    told = asked("events", "--kind", "VmPoweredOffEvent", "--timezone", "UTC", state=state)
    assert told == (
        "2026-10-03 12:02:11Z  4711  VmPoweredOffEvent  srv-01  VENDOR\\operator  srv-01: VmPoweredOffEvent second line\n"
    )
