from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "com.vmware.vc.certmgr.HostCertExpiringEvent",
        "com.vmware.vc.certmgr.HostCertExpirationImminentEvent",
        "com.vmware.vc.certmgr.HostCertManagementModeChangedEvent",
        "com.vmware.vc.certificatemanagement.CertificateExpiringEvent",
        "com.vmware.vc.certificatemanagement.CertificateExpirationImminentEvent",
    }
)


@check(VCENTER, State.WARNING, events=_KINDS)
def vcenter_certificate_event(_vcenter: VCenter, look: Look, *, within_hours: float = 7 * 24) -> Faults:
    """VCenter itself warns of a certificate.

    Meaning: of a host, or of one of its own, the STS certificate among them, which nobody with a read-only account can see
    otherwise.
    Impact: when it ends, log-ins or hosts are lost.
    Ask the vendor: which one is it, and when will it be renewed?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.WARNING, happening.newest.message or happening.newest.kind)


_SOON = happened("com.vmware.vc.certmgr.HostCertExpiringEvent", host="host-1", host_name="esx1")
vcenter_certificate_event.fires(given=Given(events=(_SOON,)))
vcenter_certificate_event.silent(given=Given(events=()))
