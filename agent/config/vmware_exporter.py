"""The `vmware_exporter` part of a vCenter's configuration: what is served under that program's names."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, Strict
from pydantic_core import PydanticCustomError

from agent.config.section import Section

ServedSection = Literal["vms", "vmguests", "datastores", "hosts", "snapshots"]
_ALL: tuple[ServedSection, ...] = ("vms", "vmguests", "datastores", "hosts", "snapshots")


def _some(sections: tuple[ServedSection, ...]) -> tuple[ServedSection, ...]:
    if not sections:
        raise PydanticCustomError("no_section", "must name at least one; `enabled: false` serves nothing")
    return sections


class VmwareExporterConfig(Section):
    """Metrics under the names of vmware_exporter, at `/metrics/vmware_exporter`."""

    enabled: bool = Field(
        default=False,
        description="`true` serves this vCenter there. It costs a few more performance counters a VM and a host.",
    )
    sections: Annotated[tuple[ServedSection, ...], Strict(strict=False), AfterValidator(_some)] = Field(
        default=_ALL,
        description="Which of its parts: `vms`, `vmguests`, `datastores`, `hosts`, `snapshots` (its `collect_only`). "
        "All unless some are named.",
        examples=[["vms", "hosts"]],
    )
    alarms: bool = Field(default=False, description="Whether triggered alarms are counted too (its `fetch_alarms`).")
    tags: bool = Field(
        default=False,
        description="Whether the label `tags` is there (its `fetch_tags`), with the tags of the categories that "
        "`labels.tags` names.",
    )
    custom_attributes: Annotated[tuple[str, ...], Strict(strict=False)] = Field(
        default=(),
        description="Custom attributes that become labels (its `fetch_custom_attributes`), by name; `*` for all. They "
        "may hold what is not for everybody who can read the metrics.",
        examples=[["Owner"]],
    )
