"""Late samples by remote write, as configured."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from agent import __version__
from agent.clock import Clock
from agent.collectors.loop import guarded
from agent.collectors.slot import WorldSlot
from agent.config import read_secret_file
from agent.config.remote_write import RemoteWriteConfig
from agent.model.world import RemoteWriteStatus

if TYPE_CHECKING:
    from exporters.remote_write.writer import RemoteWriter

FOLDER = "remote-write"
"""Beside the database: requests that were not taken yet."""


def late_writer(config: RemoteWriteConfig, storage: Path, clock: Clock, slot: WorldSlot) -> "RemoteWriter | None":
    """Who sends late samples; None where no receiver is configured."""
    if config.url is None:
        return None
    from exporters.remote_write.receiver import Receiver  # noqa: PLC0415 - only who has a receiver needs it
    from exporters.remote_write.writer import RemoteWriter  # noqa: PLC0415 - as above

    slot.update_remote_write(RemoteWriteStatus())
    receiver = Receiver(
        url=config.url,
        version=__version__,
        username=config.username,
        password=None if config.password_file is None else partial(read_secret_file, config.password_file),
        ca_file=config.ca_file,
    )
    return RemoteWriter(
        receiver, storage / FOLDER, config.labels, clock, publish=slot.update_remote_write, guard=guarded
    )
