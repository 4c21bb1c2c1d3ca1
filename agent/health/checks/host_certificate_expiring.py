from datetime import timedelta

from agent.health.catalogue import Faults, check
from agent.health.certificate import not_after
from agent.health.grading import at_most
from agent.health.look import Look, Unseen
from agent.health.subjects import CONNECTED, HOST
from agent.health.wording import length
from agent.model.health import Evidence, Fault, Reason, State
from agent.model.host import HostSystem

_DAY = timedelta(days=1)


@check(HOST, State.WARNING, State.CRITICAL, needs=("certificate_pem",), when=CONNECTED)
def host_certificate_expiring(
    host: HostSystem, look: Look, *, warning_days: float = 60, critical_days: float = 14
) -> Faults:
    """The certificate of a host expires soon.

    Meaning: the end of the certificate itself, which any account may read. vCenter renews those of its own authority by
    a click; nobody renews them by itself.
    Impact: on that day vCenter loses the host, and with it HA, backup and vMotion of every VM on it.
    Ask the vendor: on which date will it be renewed, and which of your alarms should have told you?
    """
    ends = not_after(host.certificate_pem or "")
    if ends is None:
        raise Unseen(host, "certificate_pem", reason=Reason.NOT_UNDERSTOOD)
    left = ends - look.now
    if state := at_most(left / _DAY, warning=warning_days, critical=critical_days):
        words = f"expires in {length(left)}" if left > timedelta() else f"expired {length(left)} ago"
        evidence = Evidence(source="HostSystem.config.certificate, notAfter", value=f"{ends:%Y-%m-%d}", read_at=None)
        yield Fault(state, f"its certificate {words}, on {ends:%Y-%m-%d}", evidence=(evidence,))


_ENDS_2026_12_20 = """-----BEGIN CERTIFICATE-----
MIHHMHugAwIBAgIBATAFBgMrZXAwDjEMMAoGA1UEAwwDZXN4MB4XDTIxMTIyMDAw
MDAwMFoXDTI2MTIyMDEyMDAwMFowDjEMMAoGA1UEAwwDZXN4MCowBQYDK2VwAyEA
BX6ZE/d2uVcWnDYdwJaJGh/UtwSxIpPR2J87wdmXwjEwBQYDK2VwA0EA5IMv3fli
T2xgAc7GQJUZ69W+dOP7C1tmEA62w49mgwcsWe4LkcAv819edzEiSFc/7Um7q/Ha
dGLOMQK8CjR0Ag==
-----END CERTIFICATE-----"""
_ENDS_2031_06_01 = """-----BEGIN CERTIFICATE-----
MIHHMHugAwIBAgIBATAFBgMrZXAwDjEMMAoGA1UEAwwDZXN4MB4XDTI2MDYwMTAw
MDAwMFoXDTMxMDYwMTEyMDAwMFowDjEMMAoGA1UEAwwDZXN4MCowBQYDK2VwAyEA
+W0wDHZAFnGWahpUo0VGjr/U+bkkGYvDQkt70And2G4wBQYDK2VwA0EAFURe/Cg8
yYimM9DDRng8za5hHFzaQEMYZPK7RdqKVsp0QYK4aN2xUXO9ynLxj00E2OP/012v
h2KdZp2Ie8V+Cw==
-----END CERTIFICATE-----"""
host_certificate_expiring.fires(certificate_pem=_ENDS_2026_12_20)
host_certificate_expiring.silent(certificate_pem=_ENDS_2031_06_01)
