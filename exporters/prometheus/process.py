"""The agent's own process: `process_*`, as the Prometheus client library reads them from /proc."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Metric, ProcessCollector, disable_created_metrics


def process_metrics() -> Iterable[Metric]:
    """CPU, memory, open files and start of this process, read now. Nothing where there is no /proc."""
    # creation times would double the series of every counter that the library ever makes here
    disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has no types for it
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    return tuple(registry.collect())
