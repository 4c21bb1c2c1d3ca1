"""What may happen to one VM, its guest and its hosts: the rules of the random histories."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.agent.ledger.true_history import HOST_SILENCE, SYNCHRONIZATION, History

PAUSES = st.sampled_from([0, 0, 1, 7, 40, 200, 1000, 5000])


class HappeningRules(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.history = History()
        self.same_for_both = True
        """nothing happened that only an agent that never slept could learn"""

        self.slept_since = 0

    @property
    def host(self) -> str:
        return self.history.vm.host

    def seen(self) -> bool:
        """VCenter can act on the VM."""
        return self.history.vcenter and self.history.hosts[self.host].seen == "connected" and self.runs_host()

    def runs_host(self) -> bool:
        return self.history.hosts[self.host].alive

    def is_on(self) -> bool:
        return self.history.vm.power == "poweredOn" and self.runs_host()

    @initialize()
    def begin(self) -> None:
        self.history.wait(0)
        self.history.wait(100)

    @rule(pause=PAUSES)
    def time_passes(self, pause: int) -> None:
        self.history.wait(pause)

    @rule(late_by=st.sampled_from([0, 20, 300, 560]))
    def events_come_late(self, late_by: int) -> None:
        self.history.late_by = late_by

    # power

    def stop(self, user: str | None) -> None:
        vm = self.history.vm
        vm.power, vm.boot, vm.suspended, vm.heartbeat = "poweredOff", None, None, "gray"
        self.end_silence()
        self.history.turn("off")
        self.history.post("VmPoweredOffEvent", vm=True, user=user)
        self.history.show()

    @precondition(lambda self: self.seen() and self.history.vm.power != "poweredOff")
    @rule(asked=st.booleans(), pause=PAUSES)
    def power_off(self, *, asked: bool, pause: int) -> None:
        if asked and self.is_on():
            self.history.post("VmGuestShutdownEvent", vm=True, user="op")
            self.history.wait(min(pause, 200))
            self.stop(None)
        else:
            self.history.post("VmStoppingEvent", vm=True, user="op")
            self.stop("op")

    @precondition(lambda self: self.seen() and self.is_on())
    @rule()
    def the_guest_shuts_itself_down(self) -> None:
        self.stop(None)

    @precondition(lambda self: self.seen() and self.history.vm.power != "poweredOn")
    @rule()
    def power_on(self) -> None:
        resumed = self.history.vm.power == "suspended"
        self.history.post("VmResumingEvent" if resumed else "VmStartingEvent", vm=True, user="op")
        self.start(self.host, resumed=resumed)
        self.history.show()

    def start(self, host: str, *, resumed: bool = False) -> None:
        vm = self.history.vm
        vm.host, vm.power, vm.suspended, vm.heartbeat = host, "poweredOn", None, "green"
        vm.boot = vm.boot if resumed else self.history.clock
        self.history.turn("on")
        self.history.post("VmPoweredOnEvent", vm=True, user=None if not resumed else "op")

    @precondition(lambda self: self.seen() and self.is_on())
    @rule()
    def suspend(self) -> None:
        vm = self.history.vm
        self.end_silence()
        vm.power, vm.suspended, vm.heartbeat = "suspended", self.history.clock, "gray"
        self.history.turn("suspended")
        self.history.post("VmSuspendedEvent", vm=True, user="op")
        self.history.show()

    # guest

    def end_silence(self) -> None:
        self.history.silences = [
            (start, self.history.clock if end is None else end) for start, end in self.history.silences
        ]

    @precondition(lambda self: self.seen() and self.is_on() and self.history.vm.heartbeat == "green")
    @rule(
        kind=st.sampled_from(["hang", "VmResettingEvent", "VmGuestOSCrashedEvent", "VmGuestRebootEvent"]), pause=PAUSES
    )
    def the_guest_is_silent(self, kind: str, pause: int) -> None:
        if kind != "hang":
            self.history.post(kind, vm=True, user="op")
        if kind == "VmGuestRebootEvent":
            self.history.wait(min(pause, 200))
        before = self.history.silences[-1] if self.history.silences else None
        if before is not None and before[1] == self.history.clock:
            self.history.silences[-1] = (before[0], None)
        else:
            self.history.silences.append((self.history.clock, None))
        self.history.vm.heartbeat = "gray" if kind in ("VmResettingEvent", "VmGuestRebootEvent") else "red"
        self.history.show()

    @precondition(lambda self: self.seen() and self.is_on() and self.history.vm.heartbeat != "green")
    @rule()
    def the_guest_answers(self) -> None:
        self.end_silence()
        self.history.vm.heartbeat = "green"
        self.history.show()

    # hosts

    @precondition(lambda self: self.all_hosts_seen() and self.is_on())
    @rule()
    def vmotion(self) -> None:
        target = self.other()
        if self.history.hosts[target].seen == "connected" and self.history.hosts[target].alive:
            self.history.vm.host = target
            self.history.post("DrsVmMigratedEvent", vm=True)
            self.history.show()

    def other(self) -> str:
        return "host-2" if self.host == "host-1" else "host-1"

    def all_hosts_seen(self) -> bool:
        """And vCenter's clock tells no time for the second time: what happens to hosts then has no order."""
        twice = any(end + HOST_SILENCE > self.history.clock for _, end in self.history.jumps)
        return self.seen() and not twice and all(one.seen == "connected" for one in self.history.hosts.values())

    @precondition(lambda self: self.all_hosts_seen())
    @rule(noticed=st.integers(0, HOST_SILENCE - 1), judged=st.booleans(), pause=PAUSES, restart=st.booleans())
    def the_host_fails(self, noticed: int, *, judged: bool, pause: int, restart: bool) -> None:
        history, failed = self.history, self.host
        history.hosts[failed].alive = False
        victim = history.vm.power == "poweredOn"
        if victim:
            self.end_silence()
            history.turn("off")
        history.wait(noticed)
        lost = history.clock
        self.lose(failed, "notResponding", "HostConnectionLostEvent")
        if judged:
            history.post("com.vmware.vc.HA.DasHostFailedEvent", host=failed)
        if victim and restart:
            history.wait(max(1, min(pause, 200)))
            history.excuses.append((lost - HOST_SILENCE, lost, "not missed yet"))
            self.start(self.other())
            history.post("com.vmware.vc.ha.VmRestartedByHAEvent", vm=True)
            history.show()
            return
        self.same_for_both = False
        history.excuse("out of sight", before=HOST_SILENCE)
        if victim:
            history.vm.power, history.vm.boot, history.vm.heartbeat = "poweredOff", None, "gray"

    def lose(self, host: str, state: str, event: str, user: str | None = None) -> None:
        self.history.hosts[host].seen = state
        self.history.post(event, host=host, user=user)
        if self.host == host:
            self.history.post("VmDisconnectedEvent", vm=True)
        self.history.show()

    @precondition(lambda self: self.all_hosts_seen())
    @rule(by_user=st.booleans())
    def the_host_is_out_of_sight(self, *, by_user: bool) -> None:
        self.same_for_both = False
        self.history.excuse("out of sight", before=0 if by_user else HOST_SILENCE)
        if by_user:
            self.lose(self.host, "disconnected", "HostDisconnectedEvent", "op")
        else:
            self.lose(self.host, "notResponding", "HostConnectionLostEvent")

    @precondition(lambda self: self.history.hosts[self.host].seen != "connected" and self.is_on())
    @rule()
    def the_guest_shuts_down_unseen(self) -> None:
        vm = self.history.vm
        self.end_silence()
        vm.power, vm.boot, vm.suspended, vm.heartbeat = "poweredOff", None, None, "gray"
        self.history.turn("off")

    @precondition(lambda self: self.history.vcenter)
    @rule(found_after=st.integers(0, SYNCHRONIZATION))
    def hosts_are_back(self, found_after: int) -> None:
        history = self.history
        for name, host in history.hosts.items():
            if host.seen == "connected":
                continue
            if not host.alive:
                host.alive, host.booted = True, history.clock
                history.post("esx.audit.host.boot", host=name)
                history.wait(45)
            host.seen = "connected"
            history.post("HostConnectedEvent", host=name)
            if self.host == name:
                self.found(found_after)
                history.post("VmConnectedEvent", vm=True)
            history.show()
        history.excused("out of sight", after=SYNCHRONIZATION)

    def found(self, after: int) -> None:
        """VCenter finds what has become of the VM, and posts a stop when it finds it."""
        stopped = self.history.vm.power == "poweredOff" and self.history.shown_vm.power != "poweredOff"
        if stopped:
            self.history.wait(after)
            self.history.post("VmPoweredOffEvent", vm=True)
