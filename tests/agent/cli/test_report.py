"""The report of the demonstration's month names what the vendor did not tell, and can be made again to the same bytes."""

import csv
import json
import re
import subprocess
import threading
from contextlib import closing
from datetime import timedelta
from io import StringIO

import pytest
from click.testing import CliRunner

from agent.cli.program import program
from agent.cli.report_files import compare_report, make_report, write_report
from agent.collectors.claims import ClaimsJudge
from agent.collectors.slot import WorldSlot
from agent.errors import AgentError
from agent.ledger.database import Database
from agent.ledger.purge import due, purge
from agent.ledger.store import LedgerStore
from agent.model.billing import BillVerdict
from agent.model.builds import BuildTable
from agent.model.incident_match import Match
from agent.model.verdict import Verdict
from agent.model.world import World
from exporters.report.findings import FindingKind, findings
from exporters.report.language import LANGUAGES
from tests.agent.cli.demonstrated import demonstrated
from tests.agent.cli.invocation import checkmeter
from tests.agent.ledger.pairs import merged
from tests.simulator.simulated_time import SimulatedTime


def run(*arguments):
    return CliRunner().invoke(program, arguments)


@pytest.fixture(scope="module")
def month():
    with demonstrated() as found:
        yield found


@pytest.fixture(scope="module")
def database(month):
    found = Database(month.state / "checkmeter.db")
    yield found
    found.close()


@pytest.fixture(scope="module")
def made(month, database, tmp_path_factory):
    return make_report(database, month.contract, "2026-10", LANGUAGES, BuildTable(), tmp_path_factory.mktemp("none"))


@pytest.fixture(scope="module")
def pages(made):
    return {code: made.files[f"report-{code}.html"].decode() for code in LANGUAGES}


def claim(made, name):
    return next(one for one in made.report.result.claims if one.claim.id == name)


def linked(page, anchor):
    """The row or section that a link leads to."""
    return re.search(rf'id="{anchor}".*?(?=<tr|</article)', page, re.DOTALL)[0]


def test_the_false_claim_is_named_with_both_figures_and_what_is_to_be_claimed(made, month, pages):
    one = claim(made, "avail-sql")
    assert one.false_claim
    assert one.verdict is Verdict.BREACHED
    assert one.objects[0].name == month.parts.hidden.name
    assert one.objects[0].tally.down_s == 47 * 60 + 18
    assert one.credit.amount == 2400
    assert FindingKind.FALSE_CLAIM in {found.kind for found in findings(made.report)}
    assert "False claim: 7.5.1" in pages["en"]
    assert "99.893 %" in pages["en"]
    assert "99,893 %" in pages["da"]
    assert "99,98 %" in pages["da"]


def test_the_hidden_outage_is_only_ours_and_leads_down_to_its_events(made, month, pages):
    (hidden,) = [one for one in made.report.incidents if one.match is Match.ONLY_OURS]
    assert hidden.ours.servers == (month.parts.hidden.name,)
    for page in pages.values():
        outage = linked(page, f"outage-{made.report.outages.index(hidden.ours.outages[0])}")
        events = [linked(page, anchor) for anchor in re.findall(r'href="#(event-\d+)"', outage)]
        kinds = {kind for event in events for kind in re.findall(r"Vm\w+Event", event)}
        assert {"VmGuestShutdownEvent", "VmPoweredOffEvent", "VmPoweredOnEvent"} <= kinds
        assert any("KOMMUNE\\drift-vendor" in event for event in events)


def test_the_wrong_lines_of_the_bill_are_named_with_date_and_who(made, month, pages):
    lines = {line.name: line for line in made.report.bill.lines}
    resized, removed = lines[month.parts.resized.name], lines[month.parts.removed.name]
    assert (resized.verdict, removed.verdict) == (BillVerdict.DIFFERENT, BillVerdict.ABSENT)
    assert (resized.changes[0].who, removed.gone_by) == ("KOMMUNE\\it-afdeling", "KOMMUNE\\drift-vendor")
    assert lines[month.parts.unbilled.name].verdict is BillVerdict.UNBILLED
    assert made.report.bill.count(BillVerdict.RIGHT) > 60
    assert "09.10.2026 10:16:30" in pages["da"]


def test_the_failed_host_is_one_incident_that_the_vendor_made_smaller(made, month):
    (both,) = [one for one in made.report.incidents if one.match is Match.MATCHED]
    assert set(both.ours.servers) == {vm.name for vm in month.parts.victims}
    assert both.theirs.incident.id == "INC-4711"
    assert both.missing_servers == len(month.parts.victims) - 5
    assert both.start_difference_s == 108


def test_the_months_before_are_drawn_and_what_changed_since_is_told(made, pages):
    months = {one.month: one.verdict for one in made.report.earlier if one.claim == "avail-sql"}
    assert months == {"2026-08": Verdict.MET, "2026-09": Verdict.MET}
    for page in pages.values():
        assert page.count('class="trend"') == sum(
            one.claim.measure == "availability" for one in made.report.result.claims
        )
    changed = re.search(r"Changed since the month before</h3>.*?</ul>", pages["en"], re.DOTALL)[0]
    assert re.findall(r'href="#(claim-[\w-]+)"', changed) == ["claim-avail-sql-0", "claim-avail-ad-1"]


def test_time_that_nothing_could_tell_leaves_a_promise_undecided(made):
    one = claim(made, "avail-ad")
    assert one.verdict is Verdict.UNDECIDED
    assert one.bounds.lower < one.claim.target.value <= one.bounds.upper


def test_the_page_needs_nothing_from_elsewhere_and_every_link_leads_somewhere(pages):
    for page in pages.values():
        assert not re.search(r"(src|href)=[\"'](?!#)", page)
        assert "<script" not in page
        targets = set(re.findall(r'id="([^"]+)"', page))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= targets


def test_the_annexes_have_exact_figures_and_the_events(made):
    claims = list(csv.DictReader(StringIO(made.files["claims.csv"].decode())))
    assert next(row for row in claims if row["claim"] == "avail-sql")["lower"].count("/") == 1
    events = list(csv.DictReader(StringIO(made.files["events.csv"].decode())))
    assert {row["kind"] for row in events} >= {"VmPoweredOffEvent", "VmReconfiguredEvent", "VmRemovedEvent"}
    document = json.loads(made.files["report.json"])
    assert document["ledger"]["row"] == made.report.ledger.row
    assert {row["claim"]: row["verdict"] for row in document["claims"]}["avail-sql"] == "breached"


def test_sha256sum_confirms_every_file(made, tmp_path):
    write_report(made, tmp_path / "2026-10", overwrite=False)
    checked = subprocess.run(
        ["sha256sum", "-c", "--strict", "SHA256SUMS"],
        cwd=tmp_path / "2026-10",
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.count(": OK") == len(made.files) - 1


def told(made):
    """What was judged, without what says of which ledger."""
    claims = [(one.claim.id, one.verdict, one.bounds) for one in made.report.result.claims]
    bill = [(line.name, line.verdict) for line in made.report.bill.lines]
    return claims, bill, [made.files[name] for name in sorted(made.files) if "outages" in name]


def test_a_merged_ledger_gives_the_verdicts_that_its_only_ledger_gave(made, month, tmp_path):
    file = merged(tmp_path / "merged.db", month.state / "checkmeter.db")
    with closing(Database(file)) as both:
        again = make_report(both, month.contract, "2026-10", ("en",), BuildTable(), tmp_path)
    assert told(again) == told(made)


def test_a_purge_changes_no_verdict_and_the_older_report_is_told_to_have_more_texts(made, month, database, tmp_path):
    database.backup(tmp_path / "checkmeter.db")
    write_report(made, tmp_path / "2026-10", overwrite=False)
    later = month.month.until + timedelta(days=30)
    with closing(Database(tmp_path / "checkmeter.db")) as purged:
        with purged.reading() as connection:
            found = due(connection, later)
        assert list(purge(purged, found, later, later))[-1] > 50
        assert told(make_report(purged, month.contract, "2026-10", ("en",), BuildTable(), tmp_path)) == told(made)
        compared = compare_report(purged, tmp_path / "2026-10", BuildTable())
    assert any("events" in name for name in compared.different)
    assert any("the texts of events were purged" in note for note in compared.notes)


def test_a_report_is_made_again_to_the_same_bytes_although_the_ledger_has_grown(made, month, database, tmp_path):
    target = tmp_path / "2026-10"
    write_report(made, target, overwrite=False)
    event = made.report.events[0].event
    store = LedgerStore(database)
    store.record_events(1, [type(event)(key=9_999_999, chain_id=1, kind="VmPoweredOffEvent", created=month.month.at(20, 3), vm=event.vm)], (), None, month.month.until)  # fmt: skip
    found = compare_report(database, target, BuildTable())
    assert (found.different, found.same) == ((), len(made.files))
    assert run("report", "verify", str(target), "--storage.path", str(month.state)).output.startswith("the same: ")


def test_it_does_not_matter_in_which_order_a_process_keeps_its_sets(made, month, database, tmp_path):
    write_report(made, tmp_path / "2026-10", overwrite=False)
    running = make_report(database, month.contract, "2026-11", LANGUAGES, BuildTable(), tmp_path)
    write_report(running, tmp_path / "2026-11", overwrite=False)
    for name in ("2026-10", "2026-11"):
        done = checkmeter("report", "verify", tmp_path / name, "--storage.path", month.state, PYTHONHASHSEED="1")
        assert done.stdout.startswith("the same: "), done.stderr


def test_an_altered_file_and_an_altered_paper_are_found(made, month, database, tmp_path):
    target = tmp_path / "2026-10"
    write_report(made, target, overwrite=False)
    page = target / "report-da.html"
    page.write_text(page.read_text(encoding="utf-8").replace("99,893", "99,993"), encoding="utf-8")
    assert compare_report(database, target, BuildTable()).different == ("report-da.html",)
    bill = target / "contract/vendor/billed-2026-10.csv"
    bill.write_text(bill.read_text(encoding="utf-8").replace(f"{month.parts.resized.name},", "x,"), encoding="utf-8")
    assert "bill.csv" in compare_report(database, target, BuildTable()).different
    answer = run("report", "verify", str(target), "--storage.path", str(month.state))
    assert answer.exit_code == 1
    assert "not what the ledger gives" in str(answer.exception) + answer.output


def test_a_report_that_is_made_anew_leaves_no_page_of_the_old_one(made, month, database, tmp_path):
    target = tmp_path / "2026-10"
    write_report(made, target, overwrite=False)
    (target / "notes.txt").write_text("of the meeting", encoding="utf-8")
    anew = make_report(database, month.contract, "2026-10", ("da",), BuildTable(), tmp_path)
    write_report(anew, target, overwrite=True)
    assert not (target / "report-en.html").exists()
    assert (target / "notes.txt").exists()
    assert compare_report(database, target, BuildTable()).different == ()


def test_a_report_of_another_ledger_is_not_confirmed(made, database, tmp_path):
    target = tmp_path / "2026-10"
    write_report(made, target, overwrite=False)
    manifest = target / "report.json"
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace(made.report.ledger.hash, "0" * 64), encoding="utf-8"
    )
    with pytest.raises(AgentError, match="not the one that the report was made from"):
        compare_report(database, target, BuildTable())


def test_months_are_chained_by_their_sums(made, month, database, tmp_path):
    write_report(made, tmp_path / "2026-10", overwrite=False)
    following = make_report(database, month.contract, "2026-11", ("en",), BuildTable(), tmp_path)
    assert following.report.previous is not None
    assert (
        following.files["SHA256SUMS"].decode().splitlines()[-1] == f"{following.report.previous}  ../2026-10/SHA256SUMS"
    )
    assert following.report.previous in following.files["report-en.html"].decode()


def test_the_command_writes_the_folder_says_what_was_found_and_does_not_overwrite(month, tmp_path):
    arguments = [
        "report",
        "--storage.path",
        str(month.state),
        "--claims.folder",
        str(month.contract),
        "--month",
        "2026-10",
    ]
    arguments += ["--output", str(tmp_path), "--lang", "da"]
    answer = run(*arguments)
    assert answer.exit_code == 0, answer.output
    assert (
        f"Outage that was not reported: 2026-10-14 03:12:40 +02:00, {month.parts.hidden.name}"
        in str(answer.exception) + answer.output
    )
    assert [file.name for file in (tmp_path / "2026-10").glob("*.html")] == ["report-da.html"]
    again = run(*arguments)
    assert again.exit_code == 1
    assert "exists already" in str(again.exception)
    assert run(*arguments, "--overwrite").exit_code == 0
    assert run("report").exit_code == 2
    assert run("report", "verify", str(month.contract), "--storage.path", str(month.state)).exit_code == 1


def test_the_agent_publishes_the_same_bill_and_incidents(made, month):
    clock = SimulatedTime(15)
    slot = WorldSlot(World(version="1", started_at=clock.now()))
    ClaimsJudge(month.state / "checkmeter.db", month.contract, slot, clock, BuildTable()).run(threading.Event())
    papers = slot.read()[1].claims.papers
    assert papers["2026-10"].bill == made.report.bill
    hidden = [one.ours.servers for one in papers["2026-10"].incidents if one.match is Match.ONLY_OURS]
    assert (month.parts.hidden.name,) in hidden
    assert papers["2026-11"].bill is None
