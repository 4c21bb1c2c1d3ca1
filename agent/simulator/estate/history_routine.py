"""The routine of the last 20 days: migrations, nightly backups, reconfigurations, logins."""

import random
from datetime import datetime, timedelta

from pyVmomi import vim

from agent.simulator.estate.events import host_argument
from agent.simulator.estate.happenings import Happening, event, task
from agent.simulator.estate.names import BACKUP, MONITOR, OWN_ADMIN, VENDOR, VENDOR_2, VPXD
from agent.simulator.objects import Estate
from agent.simulator.schema import id_of

PERIOD = timedelta(days=20)
_event = vim.event


def routine(estate: Estate, rng: random.Random, now: datetime, *, blackouts: tuple[datetime, ...]) -> list[Happening]:
    """All of it; nothing moves within an hour of `blackouts`, when a host had failed."""
    return [
        *_migrations(estate, rng, now, blackouts),
        *_backups(estate, rng, now),
        *_changes(estate, rng, now),
        *_sessions(estate, rng, now),
    ]


def _running(estate: Estate) -> list[str]:
    return [vm for vm in estate.ids(vim.VirtualMachine) if estate.get(vm, "runtime.powerState") == "poweredOn"]


def peers(estate: Estate, vm: str) -> list[str]:
    """The other hosts of the cluster a VM is in."""
    host = estate.get(vm, "runtime.host")
    compute = id_of(estate.get(id_of(host), "parent"))
    return [id_of(one) for one in estate.get(compute, "host") if one != host]


def _migrations(estate: Estate, rng: random.Random, now: datetime, blackouts: tuple[datetime, ...]) -> list[Happening]:
    """DRS moves, and some by hand. Each ends on the host where the VM is now."""
    found: list[Happening] = []
    movable = [vm for vm in _running(estate) if peers(estate, vm)]
    for vm in rng.sample(movable, min(18, len(movable))):
        at = now - timedelta(days=rng.randint(0, 18), seconds=rng.randint(600, 80_000))
        source = rng.choice(peers(estate, vm))
        by_drs = rng.random() < 0.8
        if estate.get(vm, "runtime.bootTime") > at or any(abs(at - one) < timedelta(hours=1) for one in blackouts):
            continue
        user = "" if by_drs else VENDOR
        name = estate.get(source, "name")
        found += [
            event(
                at - timedelta(seconds=19),
                estate,
                _event.VmBeingHotMigratedEvent,
                vm,
                f"Migrating {{vm}} from {name} to {{host}} in {{datacenter}}",
                user=user,
                destHost=host_argument(estate, id_of(estate.get(vm, "runtime.host"))),
            ),
            event(
                at,
                estate,
                _event.DrsVmMigratedEvent if by_drs else _event.VmMigratedEvent,
                vm,
                f"Migrated {{vm}} from {name} to {{host}} in {{datacenter}}",
                user=user,
                sourceHost=host_argument(estate, source),
            ),
        ]
    return found


def _backups(estate: Estate, rng: random.Random, now: datetime) -> list[Happening]:
    """The backup makes and removes a snapshot of a few servers every night."""
    running = _running(estate)
    found: list[Happening] = []
    for night in range(1, 20):
        at = (now - timedelta(days=night)).replace(hour=1, minute=0, second=0)
        for n, vm in enumerate(rng.sample(running, min(2, len(running)))):
            start = at + timedelta(minutes=12 * n, seconds=rng.randint(0, 59))
            end = start + timedelta(seconds=rng.randint(180, 500))
            label = "Create virtual machine snapshot"
            found += [
                task(start, estate, vm, "VirtualMachine.createSnapshot", label, user=BACKUP),
                task(end, estate, vm, "VirtualMachine.removeSnapshot", "Remove snapshot", user=BACKUP),
            ]
    return found


def _changes(estate: Estate, rng: random.Random, now: datetime) -> list[Happening]:
    """The vendor doubled the memory of some servers."""
    found: list[Happening] = []
    running = _running(estate)
    for vm in rng.sample(running, min(8, len(running))):
        memory = estate.get(vm, "config.hardware.memoryMB")
        changes = f"config.hardware.memoryMB: {memory // 2} -> {memory}; \n"
        found.append(
            event(
                now - timedelta(days=rng.randint(1, 18), seconds=rng.randint(0, 80_000)),
                estate,
                _event.VmReconfiguredEvent,
                vm,
                "Reconfigured {vm} on {host} in {datacenter}",
                user=VENDOR,
                configSpec=vim.vm.ConfigSpec(memoryMB=memory),
                configChanges=_event.ChangesInfoEventArgument(modified=changes, added="", deleted=""),
            )
        )
    return found


def _sessions(estate: Estate, rng: random.Random, now: datetime) -> list[Happening]:
    """People and services log in and out; once somebody from outside tries a name."""
    found: list[Happening] = []
    for _ in range(16):
        at = now - timedelta(days=rng.randint(0, 19), seconds=rng.randint(3_000, 80_000))
        user = rng.choice((VENDOR, VENDOR, VENDOR_2, OWN_ADMIN, MONITOR, VPXD))
        address = f"10.40.{rng.randint(1, 9)}.{rng.randint(10, 90)}"
        session = f"52{rng.getrandbits(64):016x}"
        agent = "VMware vSphere Client" if user in (VENDOR, VENDOR_2, OWN_ADMIN) else "pyvmomi Python/3.12"
        found += [
            event(
                at,
                estate,
                _event.UserLoginSessionEvent,
                None,
                f"User {user}@{address} logged in as {agent}",
                user=user,
                ipAddress=address,
                userAgent=agent,
                locale="en",
                sessionId=session,
            ),
            event(
                at + timedelta(minutes=rng.randint(3, 40)),
                estate,
                _event.UserLogoutSessionEvent,
                None,
                f"User {user}@{address} logged out",
                user=user,
                ipAddress=address,
                userAgent=agent,
                sessionId=session,
            ),
        ]
    tried = now - timedelta(days=3, hours=4)
    message = "Cannot login admin@203.0.113.7"
    return found + [
        event(
            tried + timedelta(seconds=3 * n),
            estate,
            _event.BadUsernameSessionEvent,
            None,
            message,
            user="admin",
            ipAddress="203.0.113.7",
        )
        for n in range(4)
    ]
