from datetime import timedelta

from agent.health.catalogue import Faults, check
from agent.health.example import ahead
from agent.health.grading import at_most
from agent.health.look import Look
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.health.wording import length
from agent.model.health import Fault, State

_DAY = timedelta(days=1)


@check(VCENTER, State.WARNING, State.CRITICAL, needs=("certificate_expires",))
def vcenter_certificate_expiring(
    vcenter: VCenter, look: Look, *, warning_days: float = 60, critical_days: float = 14
) -> Faults:
    """The TLS certificate of vCenter expires soon.

    Meaning: the certificate that vCenter showed us ends in so many days. Its renewal is a planned job of minutes.
    Impact: on that day nobody can log in, backups stop, and hosts may lose their vCenter.
    Ask the vendor: on which date will you renew it, and which other certificates (STS, hosts) end at the same time?
    """
    assert vcenter.certificate_expires is not None  # noqa: S101 - needed above
    left = vcenter.certificate_expires - look.now
    if state := at_most(left / _DAY, warning=warning_days, critical=critical_days):
        words = f"expires in {length(left)}" if left > timedelta() else f"expired {length(left)} ago"
        yield Fault(state, f"its certificate {words}")


vcenter_certificate_expiring.fires(certificate_expires=ahead(days=9))
vcenter_certificate_expiring.silent(certificate_expires=ahead(days=300))
