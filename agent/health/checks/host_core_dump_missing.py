from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem

_BY_FILE = 7
"""From this version on the dump goes to a file."""


@check(HOST, State.INFO, needs=("version",), sees=("core_dump_kind",), when=CONNECTED)
def host_core_dump_missing(host: HostSystem) -> Faults:
    """A host has no place for a crash dump.

    Meaning: no diagnostic partition is active. Hosts of 7.0 and later write to a file instead and are passed over: what
    they complain of is host_config_issue.
    Impact: after a purple screen nothing is left by which its cause could be found.
    Ask the vendor: where does this host write its dump, and when was that tried last?
    """
    major = (host.version or "").partition(".")[0]
    if host.core_dump_kind is None and major.isdigit() and int(major) < _BY_FILE:
        yield Fault(State.INFO, "has no active diagnostic partition")


host_core_dump_missing.fires(version="6.7.0", core_dump_kind=None)
host_core_dump_missing.silent(version="6.7.0", core_dump_kind="singleHost")
host_core_dump_missing.silent(version="8.0.3", core_dump_kind=None)
