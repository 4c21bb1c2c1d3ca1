"""The folder of a contract: read whole, hashed, and every mistake told at once with its place."""

import hashlib
import re
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from agent.claims.folder import read_folder, stamp
from agent.errors import ConfigError
from agent.model.contract import DownState
from agent.model.contract_folder import ContractFolder

CONTRACT = """\
apiVersion: checkmeter/v1
kind: VendorContract
metadata: {name: drift, displayName: Driftsaftale, revision: 1}
spec:
  parties: {customer: Eksempel Kommune, vendor: Drift A/S}
  validFrom: 2026-01-01
  timeZone: Europe/Copenhagen
  fees: {monthly: 40000}
  calendars:
    always: {always: true}
    business:
      weekly: [{days: [mon, fri], from: "07:00", to: "17:00"}]
      except: {holidays: DK, dates: [2026-06-05]}
  plannedWindows:
    - id: patch
      start: 2026-01-11T02:00
      rrule: FREQ=MONTHLY;BYDAY=2SU
      duration: 4h
      appliesTo: {serviceGroups: [core]}
  measurement:
    downWhen:
      - {state: poweredOff, unless: customerOrdered}
      - {state: guestHeartbeatRed, for: 5m, countsFor: [core]}
  serviceGroups:
    - id: core
      select: {names: ["^ad"]}
      calendar: always
  claims:
    - id: avail-core
      clause: "7.5.1"
      says: Tilgængelighed på 99,9 %
      measure: availability
      scope: {serviceGroup: core}
      target: {op: gte, value: 99.9, unit: percent}
      credits: {bands: [{below: 99.9, percent: 2}], base: monthly}
    - {id: p1, clause: "7.7", measure: incident-response, source: {csv: vendor/incidents-*.csv}, target: {op: lte, value: 30, unit: minutes}}
  billing: {}
"""
FILES = {
    "contract.yaml": CONTRACT,
    "reports/october.yaml": """\
apiVersion: checkmeter/v1
kind: VendorReport
spec:
  month: 2026-10
  document: {name: Driftsrapport.pdf, receivedAt: 2026-11-06T09:12+01:00}
  figures: {avail-core: 99.98}
  incidents: [{id: INC-1, from: 2026-10-14T03:20+02:00, to: 2026-10-14T03:44+02:00, vms: 9}]
""",
    "planned-work/chg-1.yaml": """\
apiVersion: checkmeter/v1
kind: PlannedWork
spec:
  notices:
    - {id: CHG-1, receivedAt: 2026-10-01T08:00+02:00, from: 2026-10-10T22:00+02:00, to: 2026-10-11T02:00+02:00, servers: [ad01]}
""",
    "exclusions.yml": """\
apiVersion: checkmeter/v1
kind: Exclusions
spec:
  exclusions:
    - {id: X-1, reason: customer-ordered, from: 2026-10-02T08:00+02:00, to: 2026-10-02T09:00+02:00, reference: mail}
""",
    "vendor/billed-2026-10.csv": "vm;vcpu;memory_gib;disk_gib;price\nad01;4;16,5;100;1200\n",
    "vendor/incidents-2026-10.csv": "id,from,to,servers,reported_at\nINC-2,2026-10-20 12:00,2026-10-20 12:30,ad01 ad02,2026-10-20 12:05\n",
}


def written(folder: Path, **changed: str) -> Path:
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(changed.get(name.replace("/", "_").replace(".", "_").replace("-", "_"), text))
    return folder


def read(folder: Path, **changed: str) -> ContractFolder:
    return read_folder(written(folder, **changed))


def mistakes(folder: Path, **changed: str) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        read(folder, **changed)
    return [line.removeprefix(f"{folder}/") for line in refused.value.problems]


def test_every_kind_of_file_is_read_and_hashed(tmp_path: Path) -> None:
    found = read(tmp_path)
    (contract,) = found.contracts
    assert contract.spec.claims[0].target.value == Fraction(999, 10), "exact, not binary"
    assert contract.spec.measurement.down_when[1].state is DownState.GUEST_HEARTBEAT_RED
    assert contract.spec.measurement.down_when[1].for_ == 300
    assert contract.spec.calendars["business"].weekly[0].from_ == 7 * 3600, "a clock time is no number in base 60"
    assert found.reports["2026-10"].figures == {"avail-core": Fraction(9998, 100)}
    assert [one.incident.id for one in found.incidents] == ["INC-1", "INC-2"]
    assert found.incidents[1].incident.reported_at == datetime(2026, 10, 20, 10, 5, tzinfo=UTC), "by local clocks"
    assert found.incidents[1].incident.servers == ("ad01", "ad02")
    assert found.bills["2026-10"].servers[0].memory_gib == Fraction(33, 2)
    assert [one.id for one in found.notices] + [one.id for one in found.exclusions] == ["CHG-1", "X-1"]
    assert {one.name: one.kind for one in found.files} == {
        "contract.yaml": "VendorContract",
        "exclusions.yml": "Exclusions",
        "planned-work/chg-1.yaml": "PlannedWork",
        "reports/october.yaml": "VendorReport",
        "vendor/billed-2026-10.csv": "Bill",
        "vendor/incidents-2026-10.csv": "Incidents",
    }
    assert found.files[0].sha256 == hashlib.sha256(CONTRACT.encode()).hexdigest()


def test_all_mistakes_of_all_files_are_told_at_once_with_their_places(tmp_path: Path) -> None:
    changed = CONTRACT
    for right, wrong in {
        "Europe/Copenhagen": "+02:00",
        "FREQ=MONTHLY;BYDAY=2SU": "FREQ=MONTHLY;BYDAY=9XX",
        "holidays: DK": "holidays: XX",
        '"17:00"': "17:00",
        "measure: availability": "measure: availabilty",
        "scope: {serviceGroup: core}": "scope: {serviceGroup: coer}",
        "calendar: always\n": "calender: always\n",
        "value: 99.9,": 'value: "99.9",',
        "base: monthly": "base: montly",
        "below: 99.9": "above: 99.9",
    }.items():
        assert right in changed
        changed = changed.replace(right, wrong)
    found = mistakes(
        tmp_path,
        contract_yaml=changed,
        vendor_billed_2026_10_csv="vm;vcpu;disk\nad01;x;1\n",
    )
    assert found == [
        "contract.yaml:7:3: spec.timeZone: must be the name of a time zone, such as Europe/Copenhagen; never an offset [got '+02:00']",
        "contract.yaml:13:16: spec.calendars.business.except.holidays: holidays of this country are not known; give its ISO code, such as DK [got 'XX']",
        "contract.yaml:17:7: spec.plannedWindows[0].rrule: is no rule of RFC 5545: invalid 'BYDAY': 9XX [got 'FREQ=MONTHLY;BYDAY=9XX']",
        "contract.yaml:25:7: spec.serviceGroups[0].calendar: this key is required",
        "contract.yaml:27:7: spec.serviceGroups[0].calender: unknown key, did you mean `calendar`?",
        "contract.yaml:32:7: spec.claims[0].measure: is no measure; did you mean `availability`? [got 'availabilty']",
        "contract.yaml:33:15: spec.claims[0].scope.serviceGroup: there is no service group of this name [got 'coer'], did you mean `core`?",
        "contract.yaml:34:25: spec.claims[0].target.value: must be a number [got '99.9']",
        "contract.yaml:35:25: spec.claims[0].credits.bands[0]: a target that wants much is missed `below` a limit: give `below`",
        "contract.yaml:35:53: spec.claims[0].credits.base: there is no fee of this name [got 'montly'], did you mean `monthly`?",
        "vendor/billed-2026-10.csv:1:3: unknown column 'disk', did you mean `disk_gib`?",
        "vendor/billed-2026-10.csv:2:2: must be a whole number [got 'x']",
    ]


def test_a_table_is_read_with_the_line_of_each_mistake(tmp_path: Path) -> None:
    assert mistakes(
        tmp_path,
        vendor_billed_2026_10_csv="vm;vcpu;disk_gb\nad01;x;1\nAD01;4;1.024\nsql;1\n",
        vendor_incidents_2026_10_csv="id,from,to\nI,2026-10-25 02:30,2026-10-25 04:00\nJ,2026-03-29 02:30,2026-03-29 04:00\n",
    ) == [
        "vendor/billed-2026-10.csv:1:3: unknown column 'disk_gb', did you mean `disk_gib`?",
        "vendor/billed-2026-10.csv:2:2: must be a whole number [got 'x']",
        "vendor/billed-2026-10.csv:4:1: has 2 columns, the first line has 3",
        "vendor/incidents-2026-10.csv:2:2: clocks show this time twice; give it with its offset [got '2026-10-25 02:30']",
        "vendor/incidents-2026-10.csv:3:2: clocks skip this time; give it with its offset [got '2026-03-29 02:30']",
    ]


def test_files_are_compared_with_each_other(tmp_path: Path) -> None:
    (tmp_path / "again.yaml").write_text(CONTRACT.replace("name: drift,", "name: other,"))
    (tmp_path / "third.yaml").write_text(
        CONTRACT.replace("revision: 1", "revision: 2").replace("2026-01-01", "2025-01-01")
    )
    found = mistakes(
        tmp_path,
        reports_october_yaml=FILES["reports/october.yaml"].replace("avail-core", "avail-cor"),
        planned_work_chg_1_yaml=FILES["planned-work/chg-1.yaml"].replace("2026-10-11T02:00", "2026-10-09T02:00"),
    )
    assert found == [
        "contract.yaml:3:12: metadata.name: one folder holds one contract; again.yaml is of other [got 'drift']",
        "planned-work/chg-1.yaml:5:85: spec.notices[0].to: must be after `from` [got '2026-10-09T02:00+02:00']",
        "reports/october.yaml:6:13: spec.figures.avail-cor: there is no claim of this name [got 'avail-cor'], did you mean `avail-core`?",
        "third.yaml:6:3: spec.validFrom: must not be before that of revision 1, 2026-01-01 [got '2025-01-01']",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the file is empty"),
        ("- 1\n", "must be keys and values: apiVersion, kind, …"),
        ("kind: VendorContrakt\n", "did you mean `VendorContract`?"),
        ("apiVersion: checkmeter/v1\n", "this key is required, and must be one of VendorContract"),
        ("kind: [\n", "not valid YAML"),
        ("apiVersion: v1\nkind: PlannedWork\nspec: {notices: []}\n", "must be checkmeter/v1"),
        (CONTRACT.replace("99.9,", ".nan,"), "must be a finite number"),
        (CONTRACT.replace("99.9,", "1e999,"), "must be a finite number"),
        (CONTRACT.replace("billing: {}", 'billing: {file: "../../etc/{month}"}'), "must be a file in the contract's folder"),
        (CONTRACT.replace("BYDAY=2SU", "INTERVAL=0"), "INTERVAL must be a whole number from 1"),
        (CONTRACT.replace("FREQ=MONTHLY;BYDAY=2SU", "FREQ=SECONDLY"), "FREQ must be DAILY"),
        (CONTRACT.replace("{always: true}", "{}"), "needs either `always: true` or `weekly` hours"),
        (CONTRACT.replace('{names: ["^ad"]}', "{}"), "selects nothing"),
        (CONTRACT.replace('"^ad"', '"(ad"'), "is no regular expression"),
        (CONTRACT.replace("unit: minutes", "unit: percent"), "of incident-response must be minutes or hours"),
    ],
)  # fmt: skip
def test_what_no_contract_can_mean_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    assert any(problem in line for line in mistakes(tmp_path, contract_yaml=text))


def test_the_vendors_tables_are_checked_also_while_the_contract_itself_has_mistakes(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path,
        contract_yaml=CONTRACT.replace("Europe/Copenhagen", "CET+1"),
        vendor_billed_2026_10_csv="vm;vcpu\nad01;x\n",
        vendor_incidents_2026_10_csv="id,from,to\nI,tomorrow,2026-10-25 04:00\n",
    )
    assert [line.partition(" ")[0] for line in found] == [
        "contract.yaml:7:3:",
        "vendor/billed-2026-10.csv:2:2:",
        "vendor/incidents-2026-10.csv:2:2:",
    ]


def test_what_editors_and_version_control_leave_is_not_read(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "old.yaml").write_text("kind: [")
    (tmp_path / ".#contract.yaml").write_text("kind: [")
    assert len(read(tmp_path).files) == len(FILES)


def test_one_paper_alone_is_no_contract(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"october\.yaml:1:1: there is no file with `kind: VendorContract`; give the folder"
    ):
        read_folder(written(tmp_path) / "reports/october.yaml")


def test_a_folder_without_a_contract_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no file with `kind: VendorContract`"):
        read_folder(tmp_path)


def test_one_contract_file_may_be_read_alone(tmp_path: Path) -> None:
    written(tmp_path)
    assert len(read_folder(tmp_path / "contract.yaml").files) == 1


def test_the_example_in_the_document_is_a_contract_with_its_papers(tmp_path: Path) -> None:
    document = (Path(__file__).parents[3] / "docs/contract.md").read_text(encoding="utf-8")
    for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", document, re.DOTALL)):
        (tmp_path / f"{number}.yaml").write_text(block, encoding="utf-8")
    found = read_folder(tmp_path)
    assert [one.kind for one in found.files] == ["VendorContract", "VendorReport", "PlannedWork", "Exclusions"]
    assert found.reports["2026-10"].figures.keys() <= {claim.id for claim in found.contracts[0].spec.claims}


def test_the_stamp_of_a_folder_changes_with_whatever_is_written_in_it(tmp_path: Path) -> None:
    written(tmp_path)
    seen = [stamp(tmp_path), stamp(tmp_path)]
    assert seen[0] == seen[1] != ()
    (tmp_path / "bills").mkdir()
    (tmp_path / "bills/2026-10.csv").write_text("a")
    seen.append(stamp(tmp_path))
    (tmp_path / "bills/2026-10.csv").write_text("ab")
    seen.append(stamp(tmp_path))
    (tmp_path / "bills/2026-10.csv").unlink()
    assert stamp(tmp_path) == seen[0]
    assert len(set(seen)) == 3
    assert stamp(tmp_path / "no-such-file.yaml") == ()
