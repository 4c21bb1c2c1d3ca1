"""How the sending of late samples stands; nothing where no receiver is configured."""

from collections.abc import Iterable

from agent.model.world import RemoteWriteStatus, World
from exporters.prometheus.family import AGENT, Family, Kind, Sample
from exporters.prometheus.section import Section, Subject


def _samples(status: RemoteWriteStatus) -> Iterable[Sample]:
    return ((("sent",), status.sent), (("refused",), status.refused), (("dropped",), status.dropped))


def _subjects(world: World) -> Iterable[Subject[RemoteWriteStatus]]:
    if world.remote_write is not None:
        yield Subject("", (), world.remote_write)


FAMILIES: tuple[Family[RemoteWriteStatus], ...] = (
    Family(
        name="checkmeter_remote_write_samples_total",
        help="Late samples by what became of them: sent; refused by the receiver for ever; dropped for want of room.",
        source=AGENT,
        kind=Kind.COUNTER,
        labels=("result",),
        samples=_samples,
    ),
    Family(
        name="checkmeter_remote_write_waiting_bytes",
        help="Requests with late samples that the receiver has not taken yet.",
        source=AGENT,
        samples=lambda status: (((), status.waiting_bytes),),
    ),
    Family(
        name="checkmeter_remote_write_up",
        help="Whether the receiver took the last request with late samples; absent before the first.",
        source=AGENT,
        samples=lambda status: (
            () if status.problem is None and status.last_success is None else (((), status.problem is None),)
        ),
    ),
)

SECTION = Section(title="Late samples by remote write", labels=(), families=FAMILIES, subjects=_subjects)
