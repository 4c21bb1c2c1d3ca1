"""The page against the Prometheus client library, its parsers and promtool."""

import gzip
import re
import subprocess
import zlib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text
from prometheus_client.utils import floatToGoString
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from exporters.prometheus.lines import number
from exporters.prometheus.page import Cache, Page, render
from exporters.prometheus.process import process_metrics
from tests.exporters.prometheus.client_library import as_openmetrics, as_text, metrics_of
from tests.worlds import BIG_VM, NOW, WORLD, silent_world, with_vm

GOLDEN = Path(__file__).parents[2] / "golden"
OPENMETRICS = "application/openmetrics-text;version=1.0.0"
WORLDS = {"full": WORLD, "silent": silent_world()}


def page_of(world=WORLD) -> Page:
    return render(world, NOW, Cache())


def text_of(page: Page) -> str:
    return page.body("", "")[1].decode()


class Exposition(SingleFileSnapshotExtension):
    file_extension = "prom"
    _write_mode = WriteMode.TEXT

    @classmethod
    def dirname(cls, *, test_location) -> str:
        return str(GOLDEN / test_location.basename)


@pytest.fixture
def golden(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(Exposition)


def test_the_page_of_the_full_world_is_the_golden_one(golden):
    assert re.sub('python="[^"]+"', 'python="3"', text_of(page_of())) == golden(name="metrics")


@pytest.mark.parametrize("name", WORLDS)
def test_the_text_format_is_byte_for_byte_what_the_client_library_writes(name):
    page = page_of(WORLDS[name])
    assert page.body("", "")[1] == as_text(metrics_of(WORLDS[name], page.series))


@pytest.mark.parametrize("name", WORLDS)
def test_openmetrics_is_byte_for_byte_what_the_client_library_writes(name):
    page = page_of(WORLDS[name])
    assert page.body(OPENMETRICS, "")[1] == as_openmetrics(metrics_of(WORLDS[name], page.series))


def test_metrics_of_the_process_are_byte_for_byte_what_the_client_library_writes():
    process = list(process_metrics())
    page = render(WORLD, NOW, Cache(), process)
    assert {metric.name for metric in process} >= {"process_cpu_seconds", "process_resident_memory_bytes"}
    assert as_text(process) in page.body("", "")[1]
    assert as_openmetrics(process).removesuffix(b"# EOF\n") in page.body(OPENMETRICS, "")[1]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_name_is_escaped_as_the_client_library_does(name):
    world = with_vm(WORLD, replace(BIG_VM, name=name))
    page = page_of(world)
    metrics = list(metrics_of(world, page.series))
    assert page.body("", "")[1] == as_text(metrics)
    assert page.body(OPENMETRICS, "")[1] == as_openmetrics(metrics)


@given(st.floats() | st.integers(-(2**70), 2**70) | st.booleans())
def test_any_number_is_written_as_the_client_library_does(value):
    assert number(value) == floatToGoString(value)


def test_both_formats_are_read_back_with_every_sample():
    page = page_of()
    text = [sample for family in parse_text(text_of(page)) for sample in family.samples]
    openmetrics = parse_openmetrics(page.body(OPENMETRICS, "")[1].decode())
    assert len(text) == page.series == sum(len(family.samples) for family in openmetrics)
    assert 'Økonomi "ny"\\gml\nlinje 2' in {sample.labels.get("vm_name") for sample in text}


def test_no_sample_and_no_family_is_there_twice():
    families = list(parse_text(text_of(render(WORLD, NOW, Cache(), process_metrics()))))
    samples = Counter((sample.name, *sorted(sample.labels.items())) for family in families for sample in family.samples)
    assert [key for key, count in samples.items() if count > 1] == []
    assert [name for name, count in Counter(family.name for family in families).items() if count > 1] == []


def test_the_page_says_how_many_samples_it_has():
    page = render(WORLD, NOW, Cache(), process_metrics())
    lines = [line for line in text_of(page).splitlines() if not line.startswith("#")]
    assert page.series == len(lines)
    assert f"checkmeter_series {len(lines)}.0" in lines


@pytest.mark.parametrize("accept", ["", OPENMETRICS])
def test_the_compressed_page_is_one_gzip_member_with_the_plain_page_in_it(accept):
    page = page_of()
    headers, compressed = page.body(accept, "gzip")
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    assert reader.decompress(compressed) == gzip.decompress(compressed) == page.body(accept, "")[1]
    assert (reader.eof, reader.unused_data) == (True, b"")
    assert headers["Content-Encoding"] == "gzip"


def test_what_a_problem_says_in_words_is_not_on_the_page():
    assert "vCenter refused the login" not in text_of(page_of())
    assert "change the password" not in text_of(page_of())


@pytest.mark.needs("promtool")
def test_promtool_has_no_complaint_about_the_page():
    _, body = render(WORLD, NOW, Cache(), process_metrics()).body("", "")
    done = subprocess.run(["promtool", "check", "metrics"], input=body, capture_output=True, timeout=30, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")
