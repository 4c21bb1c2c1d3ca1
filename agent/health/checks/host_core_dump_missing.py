from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(HOST, State.INFO, sees=("core_dump_kind",), when=CONNECTED)
def host_core_dump_missing(host: HostSystem) -> Faults:
    """A host has no place for a crash dump.

    Meaning: no diagnostic partition is active. Hosts of 7.0 and later write to a file instead, which vCenter does not
    tell us of.
    Impact: after a purple screen nothing is left by which its cause could be found.
    Ask the vendor: where does this host write its dump, and when was that tried last?
    """
    if host.core_dump_kind is None:
        yield Fault(State.INFO, "has no active diagnostic partition")


host_core_dump_missing.fires(core_dump_kind=None)
host_core_dump_missing.silent(core_dump_kind="singleHost")
