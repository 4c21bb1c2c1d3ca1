"""A simulated vCenter that runs beside the agent and does what it is told, a word a line: `python vcenter_inside.py PORT VMS`.

It is copied into a Debian as it stands, and imports nothing but the agent's simulator. Each answer is one line of JSON.
"""

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.vcenter import SimulatedVCenter

USER, PASSWORD = "checkmeter", "the first one"


def main(port: str, vms: str, commands: Iterable[str]) -> None:
    """Serve until there are no more commands: `state`, `end` all sessions, or also take `password NEW`."""
    estate = Estate(7, lambda: datetime.now(UTC))
    municipality(estate, vms=int(vms))
    with SimulatedVCenter(estate, port=int(port), users={USER: PASSWORD}) as vcenter:
        for line in commands:
            command, _, value = line.strip().partition(" ")
            if command == "password":
                vcenter.sessions.users[USER] = value
            if command in {"password", "end"}:
                vcenter.faults.kill_sessions()
            answer = {
                "ca": vcenter.ca_pem.decode(),
                "sessions": len(vcenter.sessions),
                "logins": vcenter.calls["Login"],
                "logouts": vcenter.calls["Logout"],
            }
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:], commands=sys.stdin)
