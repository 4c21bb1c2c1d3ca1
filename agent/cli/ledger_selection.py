"""Which vCenters and which VMs of the ledger a command is about."""

from collections.abc import Sequence

import click

from agent.errors import AgentError
from agent.ledger.database import Connection
from agent.ledger.recorded import Known, vcenters
from agent.ledger.vm_register import VmRegister, once_called, read_register


def chosen_vcenters(connection: Connection, name: str | None) -> tuple[Known, ...]:
    """All vCenters of the ledger, or the one of this name or instanceUuid.

    Raises:
        BadParameter: there is none of that name.
        AgentError: the ledger is empty.
    """
    known = vcenters(connection)
    if not known:
        raise AgentError("the ledger is empty", cure="it fills once `checkmeter serve` has read a vCenter")
    found = known if name is None else tuple(one for one in known if name in (one.name, one.uuid))
    if not found:
        raise click.BadParameter(
            f"no vCenter {name!r} in the ledger; it has {', '.join(one.name for one in known)}", param_hint="--vcenter"
        )
    return found


def chosen_vms(
    connection: Connection, among: Sequence[Known], names: Sequence[str], hint: str
) -> dict[Known, tuple[VmRegister, tuple[str, ...]]]:
    """The VMs, by `vm_id`, that each name means, in each vCenter that has one.

    Raises:
        BadParameter: a name means none.
    """
    registers = {known: read_register(connection, known.seq) for known in among}
    found: dict[Known, list[str]] = {}
    for name in names:
        matches = {known: register.named(name) for known, register in registers.items()}
        if not any(matches.values()):
            matches = {
                known: tuple(dict.fromkeys(map(register.vm_id, once_called(connection, known.seq, name))))
                for known, register in registers.items()
            }
        if not any(matches.values()):
            similar = sorted({like for register in registers.values() for like in register.resembling(name)})
            like = f"; similar: {', '.join(similar[:5])}" if similar else ""
            raise click.BadParameter(f"no VM {name!r} in the ledger{like}", param_hint=hint)
        for known, vm_ids in matches.items():
            found.setdefault(known, []).extend(vm_ids)
    return {known: (registers[known], tuple(dict.fromkeys(vm_ids))) for known, vm_ids in found.items() if vm_ids}
