"""The whole agent when its database cannot grow: metrics go on, and it is said."""

import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.agent.cli.invocation import LIMIT_S, ROOT, Running, environment

LARGEST_FILE_BLOCKS = 600
"""of 512 bytes: enough for the tables, not for what is to go into them"""
VMS = 1001
"""So many that the demonstration has no past, which would have to be written before the agent starts."""


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=LIMIT_S) as answer:
        return answer.read().decode()


def test_metrics_are_served_without_a_ledger_that_can_be_written_and_the_page_says_so(tmp_path: Path) -> None:
    limited = ("sh", "-c", f'ulimit -f {LARGEST_FILE_BLOCKS}; exec "$@"', "sh")
    demo = (sys.executable, "-m", "agent", "demo", "--vms", str(VMS), "--web.listen-address", "127.0.0.1:0")
    with subprocess.Popen(
        [*limited, *demo],
        cwd=ROOT,
        env=environment(PYTHONUNBUFFERED="1", TMPDIR=str(tmp_path)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            running = Running(process)
            said = running.wait_for("Ctrl-C ends it.")
            page = re.findall(r"status page +(http://127\.0\.0\.1:\d+/)", said)[0]
            deadline = time.monotonic() + LIMIT_S
            while 'checkmeter_ledger_up{vcenter="demo"} 0.0' not in (metrics := get(page + "metrics")):
                assert time.monotonic() < deadline, "the ledger is still called fine"
                time.sleep(0.5)
            assert len(re.findall(r"^vsphere_vm_info\{", metrics, re.MULTILINE)) >= VMS
            assert 'checkmeter_vcenter_up{vcenter="demo"} 1.0' in metrics
            assert "The ledger of demo is not kept" in get(page)
            assert "part=" in running.output
            assert running.end() == 0
            assert "Traceback" not in running.output
        finally:
            if process.poll() is None:
                process.kill()
