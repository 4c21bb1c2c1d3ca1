"""The agent as its users run it, and a real Prometheus that scrapes it."""

import contextlib
import json
import re
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.agent.cli.invocation import running

PATIENCE_S = 60
RULES = Path(__file__).parents[2] / "dashboards/prometheus/rules"


@dataclass(frozen=True, slots=True)
class Agent:
    """A running agent's web address."""

    address: str

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        request = urllib.request.Request(self.address + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def sample(self, name: str, **labels: str) -> float | None:
        """The value of the first sample of a metric with these labels; None if there is none."""
        for line in self.get("/metrics")[1].splitlines():
            if line.startswith((name + "{", name + " ")) and all(f'{k}="{v}"' in line for k, v in labels.items()):
                return float(line.rpartition(" ")[2])
        return None

    def until(self, condition: Callable[[], object], what: str, seconds: float = PATIENCE_S) -> float:
        """Wait for something to be so; the seconds it took."""
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < seconds, f"waited {seconds} s until {what}"
            time.sleep(0.1)
        return time.monotonic() - began


@contextlib.contextmanager
def serving(config_file: Path, *more: str) -> Iterator[Agent]:
    """`checkmeter serve` on a free port, ready to be asked, ended with the block."""
    arguments = ("serve", f"--config.file={config_file}", "--web.listen-address=127.0.0.1:0", *more)
    with running(*arguments) as process:
        process.wait_for("msg=listening")
        address = re.search(r"addresses=(127\.0\.0\.1:\d+)", process.output)
        assert address is not None
        agent = Agent(f"http://{address[1]}")
        agent.until(lambda: agent.get("/readyz")[0] == 200, "it is ready")
        yield agent
        assert process.end() == 0
        assert "Traceback" not in process.output


@dataclass(frozen=True, slots=True)
class Prometheus:
    """A running Prometheus."""

    address: str

    def query(self, promql: str) -> list[dict[str, Any]]:
        return list(self._ask("query", query=promql)["result"])

    def label_values(self, label: str, selector: str) -> list[str]:
        return list(self._ask(f"label/{label}/values", **{"match[]": selector}))

    def value(self, promql: str) -> float | None:
        found = self.query(promql)
        return float(found[0]["value"][1]) if found else None

    def until(self, promql: str, seconds: float = PATIENCE_S) -> list[dict[str, Any]]:
        """Wait for an expression to have a result."""
        end = time.monotonic() + seconds
        while not (found := self.query(promql)):
            assert time.monotonic() < end, f"no result in {seconds} s: {promql}"
            time.sleep(0.3)
        return found

    def rule_errors(self) -> dict[str, str]:
        """What the last evaluation of each rule stumbled over."""
        rules = [rule for group in self._ask("rules")["groups"] for rule in group["rules"]]
        return {rule["name"]: rule["lastError"] for rule in rules if rule.get("lastError")}

    def _ask(self, path: str, **parameters: str) -> Any:
        url = f"{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(url, timeout=10) as response:
                return json.load(response)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{parameters}: {error.read().decode()}") from error


@contextlib.contextmanager
def started(command: Sequence[str], address: str, ready: str, log: Path) -> Iterator[Prometheus]:
    """A server that speaks Prometheus' API, once `ready` answers; ended with the block."""
    with (
        log.open("w") as output,
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT) as process,
    ):
        try:
            end = time.monotonic() + PATIENCE_S
            while True:
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < end, log.read_text()
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(address + ready, timeout=2).close()
                    break
                time.sleep(0.1)
            yield Prometheus(address)
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


@contextlib.contextmanager
def prometheus(folder: Path, agent: Agent, port: int, jobs: str = "", *, twice: bool = False) -> Iterator[Prometheus]:
    """Debian's Prometheus with the shipped rules, scraping the agent each second; `twice` as if it were two agents.

    `jobs` are more scrape jobs, as YAML.
    """
    config = folder / "prometheus.yml"
    target = agent.address.removeprefix("http://")
    targets = [target, target.replace("127.0.0.1", "localhost")] if twice else [target]
    config.write_text(
        "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
        f"rule_files: ['{RULES}/*.yml']\n"
        "scrape_configs:\n  - job_name: checkmeter\n    static_configs:\n"
        f"      - targets: {targets}\n"
        f"{jobs}"
    )
    command = [
        "prometheus",
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with started(command, f"http://127.0.0.1:{port}", "/-/ready", folder / "prometheus.log") as server:
        yield server
