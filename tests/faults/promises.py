"""The faults that the agent is run under, and what it promises for each: the rows of docs/faults.md."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`served` is what people and Prometheus get meanwhile, `lost` what is lost for ever, `recovery` how it ends."""

    name: str
    served: str
    lost: str = "nothing"
    recovery: str


VCENTER = "the pages, `checkmeter_vcenter_up` 0 and the reason; what is older than three intervals leaves the metrics"
BY_ITSELF = "by itself, within 15 s of the first sound answer"

FAULTS = (
    Fault(name="vCenter slow", served="everything, later", recovery="by itself"),
    Fault(name="vCenter silent", served=VCENTER, recovery=BY_ITSELF),
    Fault(name="vCenter hanging in the middle of an answer", served=VCENTER, recovery=BY_ITSELF),
    Fault(name="vCenter breaking off in the middle of an answer", served=VCENTER, recovery=BY_ITSELF),
    Fault(name="vCenter resetting connections", served=VCENTER, recovery=BY_ITSELF),
    Fault(name="vCenter answering garbage", served=VCENTER, recovery=BY_ITSELF),
    Fault(name="vCenter answering 10 MB of garbage", served=VCENTER, recovery=BY_ITSELF),
    Fault(
        name="vCenter answering XML with entities that expand",
        served=VCENTER + "; nothing is expanded, no parser sees it",
        recovery=BY_ITSELF,
    ),
    Fault(
        name="vCenter answering one page of 40 MB",
        served=VCENTER + "; no more than 16 MB of one element are held",
        recovery=BY_ITSELF,
    ),
    Fault(
        name="vCenter's certificate changed",
        served=VCENTER + "; the password is not sent",
        recovery="once `tls.ca_file` or `tls.fingerprint` is right",
    ),
    Fault(
        name="session killed every minute, and faster",
        served="everything; one new login for each",
        recovery="by itself, at once; a session that never lasts is made anew every 15 s at most",
    ),
    Fault(
        name="vCenter's clock steps by an hour",
        served="everything; `checkmeter_vcenter_clock_offset_seconds` says it",
        lost="certainty: the time between the two clocks is unknown in the ledger, not guessed",
        recovery="by itself; events that it dated in the future are read when its clock gets there",
    ),
    Fault(
        name="the agent's clock steps by an hour",
        served="everything",
        lost="certainty, as above",
        recovery="by itself",
    ),
    Fault(
        name="hostile names: line ends, quotes, ANSI, right-to-left, 64 KB",
        served="everything: metrics that Prometheus parses, a page that shows the name as text, log lines of one line",
        recovery="nothing to recover from",
    ),
    Fault(
        name="disk full",
        served="everything but the ledger, `checkmeter_ledger_up` 0",
        recovery="by itself once there is room: what was not written is read again from vCenter",
    ),
    Fault(
        name="read-only disk",
        served="everything but the ledger, `checkmeter_ledger_up` 0",
        recovery="by itself once it can be written: what was not written is read again from vCenter",
    ),
    Fault(
        name="ledger locked by another process",
        served="everything but what is new in the ledger, `checkmeter_ledger_up` 0",
        recovery="by itself once the lock is gone: what was not written is read again from vCenter",
    ),
    Fault(
        name="ledger corrupt",
        served="everything but the ledger, `checkmeter_ledger_up` 0; the file is not touched",
        lost="what was written since the last backup and vCenter no longer keeps",
        recovery="put the newest backup in its place; vCenter's events since then are read again",
    ),
    Fault(
        name="SIGKILL at random",
        served="nothing until systemd has started it again, after 10 s",
        recovery="by itself: the chain is whole, what was missed is read again from vCenter",
    ),
    Fault(
        name="SIGTERM under load",
        served="the answers under way are finished",
        recovery="not wanted: it logs out of vCenter and exits with 0",
    ),
    Fault(
        name="memory limit reached",
        served="as long as it lives everything; it may end, or a part of it hang, and systemd starts it again",
        recovery="by itself: the chain is whole",
    ),
    Fault(
        name="limit of file descriptors reached",
        served="nothing new until one is free again; what is connected goes on",
        recovery="by itself",
    ),
    Fault(
        name="10,000 idle web clients",
        served="everything: who asks is answered, idle clients push each other out",
        recovery="nothing to recover from",
    ),
    Fault(
        name="malformed HTTP (a fuzzer)",
        served="everything; the malformed request gets 4xx or the end of its connection; the log has one line a minute",
        recovery="nothing to recover from",
    ),
)
