"""The results of probes out of a Prometheus that has the shipped rules: what was up for the platform and down for us."""

import http.client
import json
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import click

from agent.errors import AgentError
from agent.model.probe_result import ProbeResult

RECORDED = "vsphere:vm_up_but_unreachable:bool"
_PIECE = timedelta(days=1)
"""A question about a month of thousands of VMs is more than Prometheus answers."""
_STEP_S = 60
_ANSWER_WITHIN_S = 120.0
_LABELS = ("vcenter", "vm_id", "vm_name", "probe")
_Series = tuple[str, ...]


def read_probes(url: str, start: datetime, end: datetime) -> tuple[ProbeResult, ...]:
    """Of each VM and probe in [start, end), by name; empty where nothing was probed.

    Raises:
        AgentError: the Prometheus cannot be asked, or does not answer as one.
    """
    if not url.startswith(("http://", "https://")):
        raise click.BadParameter("must begin with http:// or https://", param_hint="--prometheus.url")
    unreachable: Counter[_Series] = Counter()
    probed: Counter[_Series] = Counter()
    pieces = list(_pieces(start, end))
    hidden = not sys.stderr.isatty()
    with click.progressbar(pieces, label="asking Prometheus", file=sys.stderr, hidden=hidden) as shown:
        for until, seconds in shown:
            for function, counts in (("sum_over_time", unreachable), ("count_over_time", probed)):
                # up to a second before the end: the moment at which two pieces touch is in one of them only
                expression = f"{function}({RECORDED}[{seconds}s:{_STEP_S}s])"
                counts.update(_asked(url, expression, until - timedelta(seconds=1)))
    return tuple(
        ProbeResult(
            **dict(zip(("vcenter", "vm_id", "name", "probe"), series, strict=True)),
            unreachable_s=unreachable[series] * _STEP_S,
            probed_s=probed[series] * _STEP_S,
        )
        for series in sorted(probed, key=lambda one: (one[2].casefold(), one))
    )


def _pieces(start: datetime, end: datetime) -> Iterator[tuple[datetime, int]]:
    """The end of each piece, and its length in seconds."""
    while start < end:
        until = min(start + _PIECE, end)
        yield until, int((until - start).total_seconds())
        start = until


def _asked(url: str, expression: str, at: datetime) -> dict[_Series, int]:
    query = urllib.parse.urlencode({"query": expression, "time": f"{at.timestamp():.3f}"})
    answer = _answer(f"{url.rstrip('/')}/api/v1/query?{query}", url)
    try:
        return {
            tuple(one["metric"].get(label, "") for label in _LABELS): round(float(one["value"][1]))
            for one in answer["data"]["result"]
        }
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise AgentError(f"{url}: does not answer as Prometheus does", cure="name its root, without /graph") from None


def _answer(query: str, url: str) -> Any:
    try:
        with urllib.request.urlopen(query, timeout=_ANSWER_WITHIN_S) as answer:  # noqa: S310 - the scheme was looked at
            return json.load(answer)
    except urllib.error.HTTPError as error:
        told = error.read(300).decode("utf-8", "replace").strip()
        error.close()
        raise AgentError(f"{url}: HTTP {error.code}: {told}", cure="ask the same at its own page") from None
    except ValueError:
        raise AgentError(f"{url}: does not answer as Prometheus does", cure="name its root, without /graph") from None
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise AgentError(f"{url}: {reason}", cure="is Prometheus running, and this its address?") from None
