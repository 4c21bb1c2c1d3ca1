"""Shows who is paged, when and with what text: `.venv/bin/python -m tests.proofs.paging`.

A host of a simulated vCenter fails with its machines on it, and a datastore runs full. The real agent reads that, a real
Prometheus scrapes it with the shipped rules, a real Alertmanager routes with the shipped configuration, and a receiver
prints what arrives. All waiting times of rules and routes are a thirtieth of the shipped ones; nothing else is changed.
Exits 1 unless each fault pages whoever is on call once, and no machine of the host does.
"""

import json
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyVmomi import vim

from agent.cli.stack.receiver import Message, receiving
from agent.cli.stack.servers import stack
from agent.cli.stack.telling import told
from agent.clock import SystemClock
from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.scenario_hosts import host_fail
from agent.simulator.scenario_state import vms_on
from agent.simulator.scenario_storage import datastore_fills
from agent.simulator.vcenter import SimulatedVCenter
from tests.agent.cli.invocation import PASSWORD
from tests.end_to_end.servers import serving

PACE = 30
PATIENCE_S = 90
FAULTS = ("VsphereHostNotResponding", "VsphereDatastoreNearlyFull", "VsphereVmDown", "VsphereManyVmsDown")
SETTLE_S = 3
QUIET_S = 12
"""Longer than a group waits before it says more, at this pace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of the two faults."""

    host: str
    vms: tuple[str, ...]
    """that ran on it"""
    datastore: str
    messages: tuple[Message, ...]
    """all, from the moment of the faults on"""
    held_back: tuple[str, ...]
    """machines whose own alert fires and reached nobody, because the host explains it"""

    def pages(self, receiver: str) -> Counter[str]:
        """How often each alert was told to a receiver as firing, by name of the alert and its object."""
        return Counter(
            f"{alert.labels['alertname']} {alert.labels.get('vm_name') or alert.labels.get('host_name') or alert.labels.get('datastore_name')}"
            for message in self.messages
            if message.receiver == receiver
            for alert in message.alerts
            if alert.firing
        )


@contextmanager
def simulated(folder: Path) -> Iterator[tuple[Estate, Path]]:
    """An estate, and the configuration of an agent that reads it."""
    estate = Estate(1, SystemClock().now)
    municipality(estate, vms=80)
    with SimulatedVCenter(estate, users={"checkmeter": PASSWORD}) as vcenter:
        (folder / "ca.pem").write_bytes(vcenter.ca_pem)
        (folder / "password").touch(mode=0o600)
        (folder / "password").write_text(PASSWORD)
        config = folder / "checkmeter.yaml"
        config.write_text(
            f"vcenters: [{{name: dc1, host: 127.0.0.1, port: {vcenter.port}, username: checkmeter, "
            "password_file: password, interval: 10s, tls: {ca_file: ca.pem}}]\n"
        )
        yield estate, config


def until(condition: Callable[[], object], what: str, seconds: float = PATIENCE_S) -> None:
    """Wait for something to be so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds} s until {what}"
        time.sleep(0.2)


def held_back(alertmanager: str) -> tuple[str, ...]:
    """Machines whose alert is inhibited."""
    with urllib.request.urlopen(f"http://{alertmanager}/api/v2/alerts?inhibited=true", timeout=5) as answer:
        alerts = json.load(answer)
    return tuple(
        sorted(
            {
                alert["labels"]["vm_name"]
                for alert in alerts
                if alert["status"]["inhibitedBy"] and alert["labels"]["alertname"] == "VsphereVmDown"
            }
        )
    )


def proven(folder: Path) -> Outcome:
    """Both faults at once, and all that is heard of them."""
    clock, heard, lock = SystemClock(), [], threading.Lock()

    def hear(message: Message) -> None:
        with lock:
            heard.append(message)

    def alarmed(alertname: str, receiver: str = "on-call") -> bool:
        with lock:
            return any(
                message.receiver == receiver and alert.labels["alertname"] == alertname
                for message in heard
                for alert in message.alerts
            )

    with (
        simulated(folder) as (estate, config),
        serving(config) as agent,
        receiving(clock, hear) as receiver,
        stack(folder / "stack", agent.address.removeprefix("http://"), receiver, clock, pace=PACE) as servers,
    ):
        # what the estate has from the start, and the machines that were up before anything happens
        until(lambda: alarmed("Watchdog", "dead-mans-switch"), "the chain works")
        until(lambda: alarmed("VsphereVmQuestionPending"), "what stood before is told")
        time.sleep(SETTLE_S)
        with lock:
            before = len(heard)
        host = max(estate.ids(vim.HostSystem), key=lambda one: len(vms_on(estate, one)))
        names = tuple(sorted(estate.get(vm, "name") for vm in vms_on(estate, host)))
        datastore = max(estate.ids(vim.Datastore), key=lambda one: estate.get(one, "summary.freeSpace"))
        datastore_fills(estate, datastore, int(estate.get(datastore, "summary.freeSpace") * 0.99))
        host_fail(estate, host)
        until(lambda: alarmed("VsphereHostNotResponding"), "the host is paged for")
        until(lambda: alarmed("VsphereDatastoreNearlyFull"), "the datastore is paged for")
        time.sleep(QUIET_S)
        silent = held_back(servers.alertmanager)
        with lock:
            messages = tuple(heard[before:])
        return Outcome(
            host=estate.get(host, "name"),
            vms=names,
            datastore=estate.get(datastore, "name"),
            messages=messages,
            held_back=silent,
        )


def wanted(outcome: Outcome) -> Counter[str]:
    """What whoever is on call has to hear, and how often."""
    return Counter(
        {f"VsphereHostNotResponding {outcome.host}": 1, f"VsphereDatastoreNearlyFull {outcome.datastore}": 1}
    )


def main() -> int:
    """Print it; 0 if each fault paged once."""
    with tempfile.TemporaryDirectory() as folder:
        outcome = proven(Path(folder))
    sys.stdout.write(
        f"Host {outcome.host} failed with {len(outcome.vms)} machines on it; datastore {outcome.datastore} ran full.\n\n"
    )
    about = [
        message for message in outcome.messages if any(alert.labels["alertname"] in FAULTS for alert in message.alerts)
    ]
    sys.stdout.writelines(told(message) for message in about)
    others = Counter(message.receiver for message in outcome.messages if message not in about)
    others.pop("dead-mans-switch", None)
    sys.stdout.write(f"\nMessages about other things, that stood before: {dict(others) or 'none'}.\n")
    pages = outcome.pages("on-call")
    right = pages == wanted(outcome) and len(outcome.held_back) > 1
    sys.stdout.write(
        f"\nOn call was told of {dict(pages)}. Alerts of {len(outcome.held_back)} machines fire and were held back: "
        f"{', '.join(outcome.held_back)}.\n{'Each fault paged once.' if right else 'WRONG'}\n"
    )
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
