"""The unit's sandbox: the same attempts under the unit's settings and without them."""

import json
import re

from tests.systemd.started_service import UNIT, Service

SCRIPT = "/usr/bin/python3 -I /opt/attempts_inside.py"
PROBE = "checkmeter-probe.service"
ALLOWED = {
    "write to the state folder",
    "write to /tmp",
    "read the configuration",
    "sockets of IPv4, IPv6 and Unix",
}
MOST_EXPOSURE = 1.5


def sandbox_holds(service: Service) -> str:
    """Everything that the unit forbids is refused, all that it needs is done; what proves nothing is counted."""
    sealed, root = _under_the_unit(service), json.loads(service.container.said(*SCRIPT.split()))
    done = {name for name, outcome in sealed.items() if outcome == "done"}
    assert done == ALLOWED, {name: sealed[name] for name in done ^ ALLOWED}
    proven = sorted(name for name, outcome in sealed.items() if outcome != "done" and root[name] == "done")
    open_to_nobody = sorted(name for name in sealed if name not in ALLOWED and root[name] != "done")
    judged = service.container.said("systemd-analyze", "security", "--no-pager", UNIT).splitlines()[-1]
    (exposure,) = re.findall(r"exposure level for \S+: ([\d.]+)", judged)
    assert float(exposure) <= MOST_EXPOSURE
    assert len(proven) > len(open_to_nobody), open_to_nobody
    refused = f"refused: {', '.join(proven)}"
    beside = (
        f"; refused to root in this container too, and so no proof: {', '.join(open_to_nobody)}"
        if open_to_nobody
        else ""
    )
    return f"{refused}{beside}; exposure {exposure}"


def _under_the_unit(service: Service) -> dict[str, str]:
    """The unit with another program: once, and without what systemd expects of the agent."""
    text = service.container.said("cat", service.property("FragmentPath"))
    for pattern, replacement in (
        (r"^ExecStart=.*", f"ExecStart={SCRIPT}"),
        (r"^ExecReload=.*\n", ""),
        (r"^Type=.*", "Type=oneshot"),
        (r"^(WatchdogSec|NotifyAccess|Restart)=.*\n", ""),
    ):
        text, times = re.subn(pattern, replacement, text, flags=re.MULTILINE)
        assert times, pattern
    service.put(f"/run/systemd/system/{PROBE}", text)
    service.systemctl("daemon-reload")
    service.systemctl("start", PROBE)
    said = service.container.said("journalctl", f"--unit={PROBE}", "--output=cat")
    (found,) = re.findall(r"^\{.*\}$", said, re.MULTILINE)
    return json.loads(found)
