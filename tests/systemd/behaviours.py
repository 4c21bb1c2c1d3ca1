"""What the unit promises, each tried on the started service, in this order: the rows of the table in docs/operations.md."""

import json
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.systemd import attempts_inside, vcenter_inside
from tests.systemd.sandbox import sandbox_holds
from tests.systemd.started_service import CONFIGURATION, CREDENTIAL, STATE, UNIT, WATCHDOG_S, Service

SETTLE_S = 2.0
NEW_PASSWORD = "the second one"  # noqa: S105 - opens a vCenter that is made up


class NotTried(Exception):
    """Says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """`tried` gives what came of it, and fails where it is not so."""

    promise: str
    how: str
    tried: Callable[[Service], str]


def starts(service: Service) -> str:
    took = service.systemctl("start", UNIT)
    assert service.property("ActiveState") == "active"
    read = service.until_it_reads()
    return f"READY=1 after {took:.1f} s, STATUS= says that vCenter answers {read:.1f} s later"


def serves(service: Service) -> str:
    page = service.get("/metrics")
    assert 'checkmeter_vcenter_up{vcenter="dc1"} 1' in page
    assert "<!doctype html>" in service.get("/")
    return f"{len(page.splitlines())} lines of metrics, the status page"


def keeps_a_ledger(service: Service) -> str:
    said = service.ledger()
    assert said.startswith("intact:")
    modes = service.container.said("stat", "--format=%a %U", STATE, f"{STATE}/checkmeter.db").split("\n")
    assert modes[:2] == ["700 checkmeter", "600 checkmeter"]
    return f"{said.partition(';')[0]}; folder 0700, file 0600"


def logs(service: Service) -> str:
    lines = [
        json.loads(line)
        for line in service.container.said("journalctl", f"--unit={UNIT}", "--output=json").splitlines()
    ]
    own = [line for line in lines if line.get("_COMM") == "checkmeter" or line.get("_SYSTEMD_UNIT") == UNIT]
    assert own
    assert all(str(line["MESSAGE"]).startswith("ts=") for line in own), own
    assert {line["PRIORITY"] for line in own} <= {"6", "4"}
    assert not any(vcenter_inside.PASSWORD in str(line["MESSAGE"]) for line in lines)
    return f"{len(own)} lines, each with its priority, none with the password"


def reloads(service: Service) -> str:
    before = service.property("MainPID")
    service.put("/etc/checkmeter/checkmeter.yaml", CONFIGURATION.replace("interval: 10s", "interval: 1s"))
    refused = service.container.run("systemctl", "reload", UNIT)
    assert refused.returncode != 0
    assert "must be from 10s to 10m" in service.journal("--lines=10")
    assert service.reads()
    service.put("/etc/checkmeter/checkmeter.yaml", CONFIGURATION.replace("name: dc1", "name: north"))
    service.systemctl("reload", UNIT)
    took = service.until(
        lambda: 'checkmeter_vcenter_up{vcenter="north"} 1' in service.get("/metrics"), "it shows north"
    )
    assert service.property("MainPID") == before
    service.put("/etc/checkmeter/checkmeter.yaml", CONFIGURATION)
    service.systemctl("reload", UNIT)
    service.until(lambda: 'checkmeter_vcenter_up{vcenter="dc1"} 1' in service.get("/metrics"), "it shows dc1")
    service.until_it_reads()  # STATUS= is told anew, however fast it was
    return f"a mistake is refused and said; a new name is shown after {took:.1f} s by the same process"


def takes_a_new_password_at_a_reload(service: Service) -> str:
    service.ask(f"password {NEW_PASSWORD}")
    service.until(lambda: "refused the login" in service.property("StatusText"), "the old password is refused")
    logins = service.ask()["logins"]
    service.put(CREDENTIAL, NEW_PASSWORD, "600")
    time.sleep(SETTLE_S)
    assert service.ask()["logins"] == logins, "the old one is not tried again"
    service.systemctl("reload", UNIT)
    took = service.until_it_reads()
    assert service.ask()["logins"] == logins + 1
    return f"the old one is refused once and not tried again; the new one is used {took:.1f} s after `systemctl reload`"


def is_sealed_off(service: Service) -> str:
    shutil.copy(attempts_inside.__file__, service.container.machine.path("/opt"))
    return sandbox_holds(service)


def judges_and_reports(service: Service) -> str:
    folder = "/etc/checkmeter/contract"
    service.container.said("checkmeter", "claims", "init", f"{folder}/contract.yaml")
    service.put("/etc/checkmeter/checkmeter.yaml", f"{CONFIGURATION}claims:\n  folder: contract\n")
    service.container.said("chmod", "-R", "a+rX", folder)
    service.systemctl("reload", UNIT)
    service.until(
        lambda: "\ncheckmeter_claims_evaluated_timestamp_seconds " in service.get("/metrics"), "claims are judged"
    )
    month = service.container.said("date", "+%Y-%m").strip()
    service.container.said(
        *("setpriv", "--reuid=checkmeter", "--regid=checkmeter", "--clear-groups", "checkmeter", "report"),
        *(f"--month={month}", f"--claims.folder={folder}", f"--storage.path={STATE}"),
    )
    assert month in service.get("/report/")
    return "a contract beside the configuration is read; a report that its user writes is shown"


def comes_back_after_a_kill(service: Service) -> str:
    took = service.restarted_after(lambda: service.systemctl("kill", "--signal=KILL", UNIT))
    assert took >= 9
    service.until_it_reads()
    return f"started again after {took:.0f} s; {service.ledger().partition(';')[0]}"


def is_ended_when_it_hangs(service: Service) -> str:
    assert "Watchdog timeout" not in service.journal(), "an agent at work is left alone"
    # SIGKILL showed the unit's own
    service.put(f"/run/systemd/system/{UNIT}.d/sooner.conf", "[Service]\nRestartSec=1\n")
    service.systemctl("daemon-reload")
    took = service.restarted_after(lambda: service.systemctl("kill", "--signal=STOP", UNIT))
    said = service.journal("--lines=200")
    assert "Watchdog timeout" in said
    assert "Thread 0x" in said, "where each thread stood"
    service.until_it_reads()
    return f"at work it is left alone; frozen it is ended and started again after {took:.0f} s, with its threads in the journal"


def is_ended_at_its_memory_limit(service: Service) -> str:
    used = service.property("MemoryCurrent")
    if not used.isdecimal():
        raise NotTried("the cgroups of this machine give a container no memory controller")
    assert service.property("MemoryMax") == str(1 << 30)
    service.systemctl("set-property", "--runtime", UNIT, f"MemoryMax={int(used) + 1_000_000}")

    def grow() -> None:
        for _ in range(40):
            if not service.get("/inventory.xlsx"):
                return

    took = service.restarted_after(grow)
    service.systemctl("set-property", "--runtime", UNIT, "MemoryMax=1G")
    service.until_it_reads()
    return f"with the limit at {int(used) // 1_000_000 + 1} MB: ended by the kernel, started again within {took:.0f} s; {service.ledger().partition(';')[0]}"


def stops(service: Service) -> str:
    service.systemctl("stop", UNIT)
    service.ask("end")  # what was killed before could not log out
    service.systemctl("start", UNIT)
    service.until_it_reads()
    assert service.ask()["sessions"] > 0
    took = service.systemctl("stop", UNIT)
    assert service.property("Result") == "success"
    assert service.property("ExecMainStatus") == "0"
    assert service.ask()["sessions"] == 0
    return f"logged out of every session, {took:.1f} s"


def stays_down_where_a_start_does_not_help(service: Service) -> str:
    service.put("/etc/checkmeter/checkmeter.yaml", "vcenters: []\n")
    assert service.container.run("systemctl", "start", UNIT).returncode != 0
    time.sleep(SETTLE_S)
    assert service.property("ExecMainStatus") == "78"
    assert service.property("NRestarts") == "0"
    service.put("/etc/checkmeter/checkmeter.yaml", CONFIGURATION)
    service.systemctl("reset-failed", UNIT)
    return "exit code 78, not started again"


BEHAVIOURS = (
    Behaviour(promise="started once it listens; says how it stands", how="`systemctl start`", tried=starts),
    Behaviour(promise="serves", how="`/metrics` and `/` over loopback", tried=serves),
    Behaviour(promise="keeps its ledger in StateDirectory=", how="`checkmeter ledger verify`", tried=keeps_a_ledger),
    Behaviour(promise="logs into the journal", how="`journalctl -o json`", tried=logs),
    Behaviour(
        promise="sealed off",
        how="attempts of a process under the unit's settings, beside the same of root's",
        tried=is_sealed_off,
    ),
    Behaviour(promise="reloads", how="`systemctl reload`, once with a mistake", tried=reloads),
    Behaviour(
        promise="password by LoadCredential=",
        how="changed at vCenter and in the file",
        tried=takes_a_new_password_at_a_reload,
    ),
    Behaviour(
        promise="claims and reports",
        how="`claims.folder` in /etc/checkmeter, `checkmeter report`",
        tried=judges_and_reports,
    ),
    Behaviour(promise="Restart=", how="SIGKILL", tried=comes_back_after_a_kill),
    Behaviour(
        promise="WatchdogSec=, fed by progress only",
        how=f"all of this with {WATCHDOG_S} s in place of 120; then SIGSTOP",
        tried=is_ended_when_it_hangs,
    ),
    Behaviour(promise="MemoryMax=", how="lowered while it runs, then large pages", tried=is_ended_at_its_memory_limit),
    Behaviour(promise="logs out at the end", how="`systemctl stop`", tried=stops),
    Behaviour(
        promise="no restart that does not help",
        how="a configuration without a vCenter",
        tried=stays_down_where_a_start_does_not_help,
    ),
)


def rows(outcomes: Mapping[str, str]) -> list[str]:
    """The table, with what came of each."""
    lines = ["| promise | how it was tried | outcome |", "|---|---|---|"]
    return lines + [f"| {one.promise} | {one.how} | {outcomes.get(one.promise, 'not tried')} |" for one in BEHAVIOURS]
