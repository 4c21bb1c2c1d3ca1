"""Which format and coding scrapers get, by the headers that real ones send."""

import pytest
from prometheus_client.exposition import choose_encoder

from exporters.prometheus.negotiation import Format, choose_format, gzip_accepted
from exporters.prometheus.page import Cache, render
from tests.worlds import NOW, WORLD

PROMETHEUS_2_42 = (
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
)
PROMETHEUS_3 = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
    "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
    "text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
)
PROTOBUF_FIRST = (
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6," + PROMETHEUS_3
)


@pytest.mark.parametrize("accept", [PROMETHEUS_2_42, PROMETHEUS_3, PROTOBUF_FIRST])
def test_prometheus_of_any_age_gets_openmetrics(accept):
    assert choose_format(accept) is Format.OPENMETRICS
    assert choose_encoder(accept)[1].startswith("application/openmetrics-text; version=1.0.0")


@pytest.mark.parametrize(
    "accept", ["", "*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "text/plain", "application/json"]
)
def test_whoever_does_not_ask_for_openmetrics_gets_text(accept):
    assert choose_format(accept) is Format.TEXT
    assert choose_encoder(accept)[1].startswith("text/plain; version=0.0.4")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("application/openmetrics-text;q=0.1, text/plain", Format.TEXT),
        ("text/plain;q=0.1, application/openmetrics-text", Format.OPENMETRICS),
        ("application/openmetrics-text;q=0, text/plain;q=0.1", Format.TEXT),
        ("application/openmetrics-text; version=2.0.0", Format.TEXT),
        ("application/openmetrics-text; q=often", Format.TEXT),
        (" , ;;, APPLICATION/OpenMetrics-Text ; Version = 1.0.0", Format.OPENMETRICS),
    ],
)
def test_weights_and_versions_are_minded(accept, chosen):
    assert choose_format(accept) is chosen


@pytest.mark.parametrize(
    ("accept_encoding", "accepted"),
    [
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("*", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("*, gzip;q=0", False),
    ],
)
def test_gzip_is_used_only_where_it_is_accepted(accept_encoding, accepted):
    assert gzip_accepted(accept_encoding) is accepted
    headers, body = render(WORLD, NOW, Cache()).body("", accept_encoding)
    assert ("Content-Encoding" in headers) is accepted
    assert body.startswith(b"\x1f\x8b") is accepted


@pytest.mark.parametrize(
    ("accept", "content_type", "last_line"),
    [
        (PROMETHEUS_3, "application/openmetrics-text; version=1.0.0; charset=utf-8", b"# EOF"),
        ("", "text/plain; version=0.0.4; charset=utf-8", b"checkmeter_series"),
    ],
)
def test_the_content_type_is_that_of_the_body(accept, content_type, last_line):
    headers, body = render(WORLD, NOW, Cache()).body(accept, "")
    assert headers["Content-Type"] == content_type
    assert body.splitlines()[-1].startswith(last_line)
    assert headers["Vary"] == "Accept, Accept-Encoding"
