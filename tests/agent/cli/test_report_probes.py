"""What probes said, in the report: asked of Prometheus once, kept, and made again from what was kept."""

import contextlib
import json
import shutil
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import click
import promql_parser as promql
import pytest
from click.testing import CliRunner

from agent.cli.program import program
from agent.cli.prometheus_probes import RECORDED, read_probes
from agent.errors import AgentError
from agent.model.probe_result import ProbeResult
from exporters.report.language import language
from exporters.report.probes import read_back, written
from tests.agent.cli.demonstrated import demonstrated
from tests.end_to_end.test_scraped import free_port

START = datetime(2026, 10, 1, tzinfo=UTC)


class Answering:
    """A Prometheus that knows one series for each server of `ids`: a minute a day is unreachable."""

    def __init__(
        self, ids: dict[str, str] | None = None, vcenter: str = "dc1", body: bytes | None = None, status: int = 200
    ) -> None:
        self.asked: list[tuple[str, float]] = []
        self.vcenter = vcenter
        self.ids, self.body, self.status, self.url = ids or {}, body, status, ""

    def answer(self, path: str) -> bytes:
        query = parse_qs(urlsplit(path).query)
        self.asked.append((query["query"][0], float(query["time"][0])))
        if self.body is not None:
            return self.body
        value = "1" if query["query"][0].startswith("sum_over_time") else "1440"
        series = [
            {"metric": {"vcenter": self.vcenter, "vm_id": vm_id, "vm_name": name, "probe": "ping"}, "value": [0, value]}
            for vm_id, name in self.ids.items()
        ]
        return json.dumps({"status": "success", "data": {"resultType": "vector", "result": series}}).encode()


@contextlib.contextmanager
def answering(known: Answering) -> Iterator[Answering]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = known.answer(self.path)
            self.send_response(known.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    known.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def test_a_month_is_asked_day_by_day_and_added_up() -> None:
    with answering(Answering({"5031-erp": "srv-01"})) as server:
        found = read_probes(server.url, START, START + timedelta(days=2, minutes=30))
    assert found == (
        ProbeResult(
            vcenter="dc1", vm_id="5031-erp", name="srv-01", probe="ping", unreachable_s=180, probed_s=3 * 86_400
        ),
    )
    assert len(server.asked) == 6
    assert server.asked[0] == (f"sum_over_time({RECORDED}[86400s:60s])", (START + timedelta(days=1)).timestamp() - 1)
    assert server.asked[-1][0] == f"count_over_time({RECORDED}[1800s:60s])"
    for expression, _ in server.asked:
        promql.parse(expression)


@pytest.mark.parametrize(
    ("server", "problem"),
    [
        (Answering(body=b"<html>Grafana</html>"), "does not answer as Prometheus does; name its root, without /graph"),
        (Answering(body=b'{"data": []}'), "does not answer as Prometheus does"),
        (Answering(body=b"too many samples", status=422), "HTTP 422: too many samples"),
    ],
)
def test_what_does_not_answer_as_prometheus_does_is_said(server: Answering, problem: str) -> None:
    with answering(server), pytest.raises(AgentError) as caught:
        read_probes(server.url, START, START + timedelta(hours=1))
    assert problem in str(caught.value)


def test_an_address_that_is_none_is_said() -> None:
    with pytest.raises(AgentError, match="is Prometheus running, and this its address"):
        read_probes("http://127.0.0.1:1", START, START + timedelta(hours=1))
    with pytest.raises(click.BadParameter, match="must begin with http"):
        read_probes("file:///etc/passwd", START, START + timedelta(hours=1))


def test_what_is_kept_is_read_back_and_nothing_else_is() -> None:
    probes = (ProbeResult(vcenter="dc1", vm_id="a", name='æ,"ø"', probe="ping", unreachable_s=60, probed_s=120),)
    assert read_back(written(probes)) == probes
    assert read_back(written(())) == ()
    for content in (b"", b"a,b\n", written(probes).replace(b",60,", b",x,"), b"\xff"):
        with pytest.raises(AgentError, match=r"probes\.csv is not as a report writes it"):
            read_back(content)


def test_the_report_has_a_column_of_what_was_up_there_and_down_here_and_is_made_again_without_prometheus(
    tmp_path: Path,
) -> None:
    with demonstrated() as month:
        common = ["--storage.path", str(month.state)]
        made = [
            "report",
            *common,
            "--claims.folder",
            str(month.contract),
            "--month",
            "2026-10",
            "--output",
            str(tmp_path),
        ]
        objects = CliRunner().invoke(program, [*made, "--lang", "en"])
        assert objects.exit_code == 0, objects.output
        folder = tmp_path / "2026-10"
        assert "Up, not reached by us" not in (folder / "report-en.html").read_text(encoding="utf-8")
        header, first = (folder / "objects.csv").read_text(encoding="utf-8").splitlines()[:2]
        one = dict(zip(header.split(","), first.split(","), strict=False))
        known = Answering({one["id"]: one["name"]}, one["vcenter"])
        with answering(known):
            done = CliRunner().invoke(program, [*made, "--overwrite", "--prometheus.url", known.url])
        assert done.exit_code == 0, done.output
        pages = {code: (folder / f"report-{code}.html").read_text(encoding="utf-8") for code in ("en", "da")}
        assert "Up, not reached by us" in pages["en"]
        assert "Oppe, men ikke nået af os" in pages["da"]
        kept = folder / "probes.csv"
        (probe,) = read_back(kept.read_bytes())
        assert probe.unreachable_s == len(known.asked) / 2 * 60, "a minute a day"
        assert f"ping {language('en').length(probe.unreachable_s)}" in pages["en"]
        assert "not probed" in pages["en"], "the others"
        again = CliRunner().invoke(program, ["report", "verify", str(folder), *common])
        assert again.exit_code == 0, again.output + str(again.exception)
        kept.write_bytes(kept.read_bytes().replace(b",1920,", b",60,"))
        altered = CliRunner().invoke(program, ["report", "verify", str(folder), *common])
        assert altered.exit_code == 1
        assert "report-en.html" in str(altered.exception)


@pytest.mark.needs("prometheus")
@pytest.mark.needs("promtool")
def test_a_real_prometheus_gives_each_minute_once(tmp_path: Path) -> None:
    begin = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=4)
    labels = '{vcenter="dc1",vm_id="a",vm_name="srv-01",probe="ping"}'
    minutes = range(2 * 24 * 60)
    lines = [
        f"{RECORDED}{labels} {int(number in {0, 1439, 1440, 2000})} {int(begin.timestamp()) + 60 * number}"
        for number in minutes
    ]
    samples = tmp_path / "samples.om"
    samples.write_text(f"# TYPE {RECORDED} gauge\n" + "\n".join(lines) + "\n# EOF\n")
    data = tmp_path / "data"
    subprocess.run(
        ["promtool", "tsdb", "create-blocks-from", "openmetrics", samples, data],
        check=True,
        timeout=60,
        capture_output=True,
    )
    config = tmp_path / "prometheus.yml"
    config.write_text("global: {scrape_interval: 1m}\n")
    url = f"http://127.0.0.1:{free_port()}"
    command = [
        shutil.which("prometheus") or "", f"--config.file={config}", f"--storage.tsdb.path={data}",
        f"--web.listen-address={url.removeprefix('http://')}",
    ]  # fmt: skip
    with (tmp_path / "log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            end = time.monotonic() + 60
            while True:
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"{url}/-/ready", timeout=2).close()
                    break
                assert time.monotonic() < end
                time.sleep(0.1)
            (found,) = read_probes(url, begin, begin + timedelta(days=2))
        finally:
            process.terminate()
            process.wait(30)
    assert (found.unreachable_s, found.probed_s) == (4 * 60, 2 * 86_400)
