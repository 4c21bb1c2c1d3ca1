"""`checkmeter claims` and its commands, as a user runs them."""

import json
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from agent.claims.folder import read_folder
from agent.cli.outcome import run
from agent.simulator.vcenter import SimulatedVCenter
from tests.agent.claims.test_folder import CONTRACT, written
from tests.agent.cli.invocation import checkmeter
from tests.agent.ledger.written import write


@pytest.fixture
def contract_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "contract"
    folder.mkdir()
    return written(folder, contract_yaml=CONTRACT.replace('["^ad"]', '["^srv"]'))


def judged(folder: Path, state: Path, *more: str) -> int:
    return run(["claims", "--claims.folder", str(folder), "--month", "2026-10", "--storage.path", str(state), *more])


def test_a_month_is_judged_from_the_ledger_with_the_sentence_that_explains_it(
    contract_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path)
    assert judged(contract_folder, tmp_path) == 0
    told = capsys.readouterr().out
    assert told.startswith(
        "Driftsaftale: 2026-10, revision 1\n\n7.5.1 avail-core: BREACHED, worth 800 DKK (2 % of monthly)"
    )
    assert "promised at least 99.9 %   reported 99.980 %   measured 99.595\u201399.865 %" in told
    assert "what was measured proves that it was missed" in " ".join(told.split())
    assert judged(contract_folder, tmp_path, "--lang", "da") == 0
    assert "MISLIGHOLDT" in capsys.readouterr().out


def test_the_same_month_as_json_goes_down_to_the_events(
    contract_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path)
    assert judged(contract_folder, tmp_path, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    claim = document["claims"][0]
    assert (claim["verdict"], claim["false_claim"]) == ("breached", True)
    assert claim["measured"]["upper"] == {"figure": "99.865", "exact": "74000/741"}
    worst = claim["objects"][0]
    assert worst["name"] == "srv-02"
    assert [piece["event_key"] for piece in worst["outages"][0]["states"][0]["evidence"]][:1] == [5000]


def test_without_a_folder_the_command_says_which_option_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["claims", "--month", "2026-10"]) == 2
    assert "--claims.folder" in capsys.readouterr().err


def test_mistakes_end_the_check_with_the_code_for_a_wrong_configuration(
    contract_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["claims", "check", str(contract_folder)]) == 0
    assert "correct; drift, revision 1: 2 claims" in capsys.readouterr().out
    file = contract_folder / "contract.yaml"
    file.write_text(file.read_text().replace("serviceGroup: core", "serviceGroup: coer"))
    assert run(["claims", "check", str(contract_folder)]) == 78
    assert "did you mean `core`?" in capsys.readouterr().err


def test_a_window_that_never_occurs_is_something_to_look_at(
    contract_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = contract_folder / "contract.yaml"
    file.write_text(file.read_text().replace("FREQ=MONTHLY;BYDAY=2SU", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"))
    assert run(["claims", "check", str(contract_folder)]) == 1
    assert "planned window patch of revision 1 never occurs" in capsys.readouterr().out


def test_a_starter_fits_the_vcenter_that_it_was_made_from(
    config_file: Path, vcenter: SimulatedVCenter, tmp_path: Path
) -> None:
    made = tmp_path / "made" / "contract.yaml"
    done = checkmeter("claims", "init", made, "--config.file", config_file, TZ="Europe/Copenhagen")
    assert done.returncode == 0, done.stderr
    contract = read_folder(made).contracts[0].spec
    assert contract.time_zone == "Europe/Copenhagen"
    assert {claim.measure for claim in contract.claims} >= {
        "availability",
        "host-failures-tolerated",
        "snapshot-max-age",
    }
    again = checkmeter("claims", "init", made, "--config.file", config_file)
    assert (again.returncode, "is there already" in again.stderr) == (1, True)

    made.write_text(
        made.read_text().replace("expectedCount: 1\n", "expectedCount: 99\n", 1).replace('cluster: "', 'cluster: "no ')
    )
    checked = checkmeter("claims", "check", made.parent, "--connect", "--config.file", config_file)
    assert checked.returncode == 1
    assert "expected 99" in checked.stdout or "fits no server" in checked.stdout
    assert "there is no cluster 'no " in checked.stdout
    assert len(vcenter.sessions) == 0, "it has logged out"


def test_the_schema_names_every_kind_of_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["claims", "schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    kinds = {schema["$defs"][one["$ref"].rpartition("/")[2]]["properties"]["kind"]["const"] for one in schema["oneOf"]}
    assert kinds == {"VendorContract", "VendorReport", "PlannedWork", "Exclusions"}
    claim = schema["$defs"]["Claim"]["properties"]
    assert claim["clause"]["description"] == "Where it stands in the signed document."
    assert claim["target"] == {"$ref": "#/$defs/Target"}


def test_each_availability_claim_is_an_openslo_object(
    contract_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["claims", "openslo", str(contract_folder)]) == 0
    (slo,) = YAML(typ="safe", pure=True).load_all(capsys.readouterr().out)
    assert (slo["apiVersion"], slo["kind"], slo["spec"]["objectives"][0]["target"]) == ("openslo/v1", "SLO", 0.999)
    assert slo["spec"]["timeWindow"][0]["calendar"]["timeZone"] == "Europe/Copenhagen"


def test_a_metric_or_check_that_this_agent_does_not_have_is_something_to_look_at(
    contract_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = contract_folder / "contract.yaml"
    text = file.read_text().replace("measure: availability", "measure: vsphere_datastore_free_byte")
    text = re.sub(r"measure: incident-response, source: \{[^}]*\}", "measure: check:vm_snapshot_old", text)
    file.write_text(text.replace("unit: minutes", "unit: findings"))
    assert run(["claims", "check", str(contract_folder)]) == 1
    told = capsys.readouterr().out
    assert "there is no gauge or check vsphere_datastore_free_byte, did you mean vsphere_datastore_free_bytes?" in told
    assert "check:vm_snapshot_old" not in told


def test_one_claim_is_told_down_to_the_events_and_what_of_an_outage_counts(
    contract_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path)
    assert judged(contract_folder, tmp_path, "--claim", "avail-core") == 0
    told = capsys.readouterr().out
    assert "event, per-vm: 99.595\u201399.865 %  (the contract's)" in told
    assert "srv-02 (dc1): 99.595\u201399.865 %, breached" in told
    assert "2026-10-25 02:30:00+02:00 (00:30:00Z)  1:00:00, counted 1:00:00" in told
    assert "VmSuspendedEvent 5000 at 2026-10-25 02:30:00+02:00" in told
    assert "p1" not in told
    assert judged(contract_folder, tmp_path, "--claim", "avail") == 2
    assert "it has avail-core, p1" in capsys.readouterr().err


def test_the_check_of_the_configuration_reads_the_contract_that_it_names(
    config_file: Path, contract_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config_file.write_text(config_file.read_text() + f"claims: {{folder: {contract_folder}}}\n")
    assert run(["config", "check", "--config.file", str(config_file)]) == 0
    (contract_folder / "contract.yaml").unlink()
    assert run(["config", "check", "--config.file", str(config_file)]) == 78
    assert "there is no file with `kind: VendorContract`" in capsys.readouterr().err
