"""The `performance` part of the configuration: which counters, and which of them instance by instance."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, Strict
from pydantic_core import PydanticCustomError

from agent.config.durations import QuickInterval
from agent.config.section import Section

Kind = Literal["vm", "host", "resource_pool", "cluster", "datastore"]
Group = Literal["cpu", "mem", "disk", "virtualDisk", "datastore", "net", "power", "storageAdapter", "storagePath"]


def _counter_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z]+\.[A-Za-z0-9]+\.(none|average|maximum|minimum|latest|summation)", name):
        raise PydanticCustomError("counter", "must be group.name.rollup, such as cpu.ready.summation")
    return name


CounterName = Annotated[str, AfterValidator(_counter_name)]


class PerformanceConfig(Section):
    """Performance counters: every sample of vCenter's is counted exactly once."""

    enabled: bool = Field(default=True, description="`false` reads no performance counters at all.")
    interval: QuickInterval = Field(
        default=timedelta(minutes=1),
        description="How often to ask for new samples, of which vCenter has one every 20 s. 10s to 10m; it does not "
        "change what is counted.",
    )
    counters: Mapping[Kind, Annotated[tuple[CounterName, ...], Strict(strict=False)]] = Field(
        default={},
        description="More counters by kind of object (`vm`, `host`, `resource_pool`, `cluster`, `datastore`), by the "
        "names vCenter gives them, as group.name.rollup.",
        examples=[{"vm": ["cpu.idle.summation"]}],
    )
    instances: Mapping[Kind, Annotated[tuple[Group, ...], Strict(strict=False)]] = Field(
        default={},
        description="Counter groups (`cpu`, `net`, `virtualDisk`, …) that are wanted for every vCPU, NIC or disk as "
        "well, by kind of object. Each costs a series per instance.",
        examples=[{"vm": ["net", "virtualDisk"]}],
    )
