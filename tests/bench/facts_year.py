"""How large the kept facts get: `python -m tests.bench.facts_year --vms 80 --days 60`.

A simulated estate is read once, over the wire. Each day every VM's usage differs, and one VM in fifty changes its size.
"""

import argparse
import random
import tempfile
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.cli.agent_process import AgentProcess
from agent.cli.demo import PASSWORD, USER, _configuration
from agent.cli.simulation import Simulation
from agent.clock import SystemClock
from agent.collectors.hour_account import HourAccount
from agent.config import load
from agent.ledger.database import Database
from agent.ledger.fact_book import fact_histories
from agent.ledger.facts import FactWriter
from agent.ledger.hour_facts import record_hours
from agent.ledger.store import LedgerStore
from agent.model.facts import HourFacts
from agent.model.identity import vm_ids
from agent.model.inventory import Inventory

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def read(vms: int) -> Inventory:
    """The simulated estate as the agent reads it."""
    clock = SystemClock()
    with (
        tempfile.TemporaryDirectory() as folder,
        Simulation(vms=vms, user=USER, password=PASSWORD, scenario=False).run(clock) as vcenter,
        AgentProcess(load(_configuration(Path(folder), vcenter)), [("127.0.0.1", 0)], clock, Path(folder)) as agent,
    ):
        agent.wait_until_read(600, threading.Event())
        inventory = agent.world().targets["demo"].inventory
    assert inventory is not None
    return inventory


def lived(inventory: Inventory, chance: random.Random) -> Inventory:
    """The same a day later."""
    vms = {}
    for moid, vm in inventory.vms.items():
        committed = (vm.storage_committed_bytes or 0) + chance.randrange(1 << 30)
        vms[moid] = replace(
            vm,
            cpu_usage_mhz=chance.randrange(4000),
            memory_active_mib=chance.randrange(9000),
            memory_consumed_mib=chance.randrange(9000),
            uptime_s=(vm.uptime_s or 0) + 86_400,
            storage_committed_bytes=committed,
            storage_read_at=BEGIN,
            cpus=(vm.cpus or 1) + (chance.random() < 0.02),
        )
    return replace(inventory, vms=vms)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--vms", type=int, default=80)
    parser.add_argument("--days", type=int, default=60)
    asked = parser.parse_args()
    inventory = read(asked.vms)
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "db")
        vcenter = LedgerStore(database).vcenter("uuid-1", "dc1", BEGIN)
        writer = FactWriter(database, vcenter)
        moids = {vm_id: moid for moid, vm_id in vm_ids(inventory.vms).items()}
        began = time.perf_counter()
        for day in range(asked.days):
            at = BEGIN + timedelta(days=day)
            writer.keep(inventory, at, at)
            for hour in range(24):
                account = HourAccount()
                account.look(inventory, None, at + timedelta(hours=hour))
                seen = account.taken() or HourFacts(start=at, rounds=0)
                ready = {vm_id: {0: 3600 - (busy := chance.randrange(0, 1200, 60)), 1: busy} for vm_id in moids}
                record_hours(database, vcenter, [replace(seen, cpu_ready=ready)], moids, at)
            inventory = lived(inventory, chance)
        spent = time.perf_counter() - began
        with database.reading() as connection:
            facts, rows = connection.execute("SELECT sum(length(content)), count(*) FROM facts").fetchone()
            texts = connection.execute("SELECT coalesce(sum(length(private) + 48), 0) FROM fact_texts").fetchone()[0]
            hourly = connection.execute("SELECT sum(length(content)) FROM hour_facts").fetchone()[0]
            began = time.perf_counter()
            found = sum(1 for _ in fact_histories(connection, vcenter, "vms", at - timedelta(days=30), at))
            reading = time.perf_counter() - began
        database.close()
    told = (
        f"{asked.days} days of {asked.vms} VMs: {rows:,} facts, {facts / 1e6:.1f} MB, their texts {texts / 1e6:.2f} MB; hours {hourly / 1e6:.2f} MB",
        f"write {spent / asked.days:.3f} s a day; a month of {found} VMs read in {reading:.2f} s",
    )
    print("\n".join(told))  # noqa: T201 - a benchmark prints


if __name__ == "__main__":
    main()
