"""Real stores that take remote write: Debian's Prometheus and Debian's VictoriaMetrics, on free ports of loopback."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from tests.end_to_end.servers import Prometheus, started

WRITE_PATH = "/api/v1/write"
"""of both"""


@contextlib.contextmanager
def victoria_metrics(folder: Path, port: int) -> Iterator[Prometheus]:
    """VictoriaMetrics, single node; answers at once what it was just given."""
    command = [
        "victoria-metrics",
        f"-httpListenAddr=127.0.0.1:{port}",
        f"-storageDataPath={folder / 'victoria'}",
        "-search.latencyOffset=0s",
        "-search.disableCache",
        "-retentionPeriod=1",
    ]
    with started(command, f"http://127.0.0.1:{port}", "/health", folder / "victoria.log") as server:
        yield server


@contextlib.contextmanager
def receiving_prometheus(folder: Path, port: int, *, window: str = "2h") -> Iterator[Prometheus]:
    """Prometheus as a receiver; `window` is how late a sample may come, "0s" for as it is without a setting."""
    config = folder / "receiver.yml"
    config.write_text(f"storage: {{tsdb: {{out_of_order_time_window: {window}}}}}\n")
    command = [
        "prometheus",
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'receiver'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--web.enable-remote-write-receiver",
    ]
    with started(command, f"http://127.0.0.1:{port}", "/-/ready", folder / "receiver.log") as server:
        yield server


@contextlib.contextmanager
def forwarding_prometheus(folder: Path, port: int, scraped: str, to: str, replica: str) -> Iterator[Prometheus]:
    """Prometheus that scrapes one agent each second and writes on to a store, as docs/scale-out.md has it."""
    config = folder / f"forwarding-{replica}.yml"
    settings = {
        "global": {"scrape_interval": "1s", "external_labels": {"replica": replica}},
        "remote_write": [{"url": to, "queue_config": {"batch_send_deadline": "1s"}}],
        "scrape_configs": [
            {"job_name": "checkmeter", "static_configs": [{"targets": [scraped], "labels": {"instance": "dc1"}}]}
        ],
    }
    config.write_text(json.dumps(settings))  # which is YAML too
    command = [
        "prometheus",
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / f'forwarding-{replica}'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with started(command, f"http://127.0.0.1:{port}", "/-/ready", folder / f"forwarding-{replica}.log") as server:
        yield server
