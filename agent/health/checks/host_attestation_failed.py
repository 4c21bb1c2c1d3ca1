from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(HOST, State.WARNING, sees=("attestation",), when=CONNECTED, lasting_minutes=60)
def host_attestation_failed(host: HostSystem) -> Faults:
    """A host's TPM does not attest what it has started.

    Meaning: vCenter has compared what the host measured while it started with what it should be, and does not accept it.
    Hosts without TPM are passed over.
    Impact: either the setup of TPM is unfinished, or something else was started than what was installed.
    Ask the vendor: which of the two is it, and what does the attestation report say?
    """
    if host.attestation not in (None, "accepted"):
        yield Fault(State.WARNING, f"TPM attestation is {host.attestation}")


host_attestation_failed.fires(attestation="notAccepted")
host_attestation_failed.silent(attestation="accepted")
host_attestation_failed.silent(attestation=None)
