"""One measurement: the agent starts, settles, runs alone for a while, and is then scraped hard."""

import gzip
import http.client
import re
import statistics
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.agent.cli.invocation import running
from tests.bench.processes import cpu_s, peak_memory_mb
from tests.bench.servers import Server

FIRST_METRICS_WITHIN_S = 120
LOOK_EVERY_S = 0.02
SCRAPES_PER_S = 20
SCRAPE_HEADERS = {"Accept": "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Durations:
    """Seconds of each part of a measurement."""

    settle_s: float
    steady_s: float
    scraped_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """Seconds, MB (10^6 bytes) and counts; `a minute` is the average of the steady part."""

    server: str
    vms: int
    first_metrics_s: float
    """from the start of the process until /readyz says that /metrics is complete"""
    start_agent_cpu_s: float
    start_server_cpu_s: float
    agent_cpu_s_a_minute: float
    server_cpu_s_a_minute: float
    peak_memory_mb: float
    calls_a_minute: float
    received_mb_a_minute: float
    series: int
    page_mb: float
    page_gzip_mb: float
    scrape_p50_ms: float
    scrape_p99_ms: float
    scrape_max_ms: float
    calls: dict[str, float]
    """a minute, by method"""


class Client:
    """Asks the agent over one connection that stays open, as Prometheus does."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        self._connection.request("GET", path, headers=headers)
        response = self._connection.getresponse()
        return response.status, response.read()

    def scrape(self) -> bytes:
        """The metrics page as Prometheus gets it: OpenMetrics, compressed."""
        status, body = self.get("/metrics", **SCRAPE_HEADERS, **{"Accept-Encoding": "gzip"})
        assert status == 200
        return body

    def close(self) -> None:
        self._connection.close()


@dataclass(frozen=True, slots=True)
class Totals:
    """What has been counted up to a moment."""

    at: float
    agent_cpu_s: float
    server_cpu_s: float
    received: float
    calls: dict[str, float]


def measure(server: Server, durations: Durations) -> Measurement:
    """Start the agent against `server`, with the settings that a user has, and measure it."""
    server_cpu_before = cpu_s(server.pid)
    began = time.monotonic()
    arguments = ("serve", f"--config.file={server.config_file}", "--web.listen-address=127.0.0.1:0")
    with running(*arguments) as agent:
        address = re.search(r"addresses=(127\.0\.0\.1:\d+)", agent.wait_for("msg=listening"))
        assert address is not None
        client = Client(f"http://{address[1]}")
        _wait_until_ready(client, began)
        first_metrics_s = time.monotonic() - began
        start_agent, start_server = cpu_s(agent.process.pid), cpu_s(server.pid) - server_cpu_before

        time.sleep(durations.settle_s)
        client.close()  # the server ends an idle connection; a new one is opened by the next question
        before = _totals(client, agent.process.pid, server.pid)
        time.sleep(durations.steady_s)
        client.close()
        after = _totals(client, agent.process.pid, server.pid)
        scrapes_ms = _scraped(client, durations.scraped_s)

        compressed = client.scrape()
        page = gzip.decompress(compressed)
        peak = peak_memory_mb(agent.process.pid)
        client.close()
        assert agent.end() == 0, agent.output
    minutes = (after.at - before.at) / 60
    calls = {name: (count - before.calls.get(name, 0)) / minutes for name, count in after.calls.items()}
    return Measurement(
        server=server.kind,
        vms=server.vms,
        first_metrics_s=first_metrics_s,
        start_agent_cpu_s=start_agent,
        start_server_cpu_s=start_server,
        agent_cpu_s_a_minute=(after.agent_cpu_s - before.agent_cpu_s) / minutes,
        server_cpu_s_a_minute=(after.server_cpu_s - before.server_cpu_s) / minutes,
        peak_memory_mb=peak,
        calls_a_minute=sum(calls.values()),
        received_mb_a_minute=(after.received - before.received) / 1e6 / minutes,
        series=int(sum(values(page, "checkmeter_series").values())),
        page_mb=len(page) / 1e6,
        page_gzip_mb=len(compressed) / 1e6,
        scrape_p50_ms=statistics.median(scrapes_ms),
        scrape_p99_ms=statistics.quantiles(scrapes_ms, n=100, method="inclusive")[98],
        scrape_max_ms=max(scrapes_ms),
        calls={name: count for name, count in sorted(calls.items()) if count},
    )


def values(page: bytes, name: str) -> dict[str, float]:
    """Value by label text, e.g. `method="Login",vcenter="bench"`, of all samples of one metric."""
    samples = re.findall(rf"^{name}(?:\{{(.*)\}})? (\S+)$", page.decode(), re.MULTILINE)
    return {labels: float(value) for labels, value in samples}


def _totals(client: Client, agent: int, server: int) -> Totals:
    page = gzip.decompress(client.scrape())
    counted = values(page, "checkmeter_vcenter_calls_total")
    return Totals(
        at=time.monotonic(),
        agent_cpu_s=cpu_s(agent),
        server_cpu_s=cpu_s(server),
        received=sum(values(page, "checkmeter_vcenter_received_bytes_total").values()),
        calls={_method(labels): count for labels, count in counted.items()},
    )


def _method(labels: str) -> str:
    found = re.search(r'method="(\w+)"', labels)
    assert found is not None, labels
    return found[1]


def _wait_until_ready(client: Client, began: float) -> None:
    while client.get("/readyz")[0] != 200:
        assert time.monotonic() - began < FIRST_METRICS_WITHIN_S, client.get("/readyz")[1].decode()
        time.sleep(LOOK_EVERY_S)


def _scraped(client: Client, seconds: float) -> list[float]:
    """Milliseconds of each of many scrapes, evenly spread, so that some of them meet the agent at work."""
    began = time.monotonic()
    took = []
    for number in range(max(2, round(seconds * SCRAPES_PER_S))):
        time.sleep(max(0.0, began + number / SCRAPES_PER_S - time.monotonic()))
        asked = time.monotonic()
        client.scrape()
        took.append((time.monotonic() - asked) * 1000)
    return took
