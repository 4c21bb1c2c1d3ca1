"""The reference of every key in Markdown, made from the model: `python -m agent.config.reference docs/configuration.md`."""

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from agent.config.claims import ClaimsConfig
from agent.config.counters import PerformanceConfig
from agent.config.discovery import DiscoveryConfig, PortRuleConfig
from agent.config.durations import format_duration
from agent.config.health import AcknowledgementConfig, HealthCheckConfig, HealthConfig, HealthOverrideConfig
from agent.config.labels import LabelsConfig
from agent.config.model import Config, TlsConfig, VCenterConfig
from agent.config.storage import StorageConfig
from agent.config.vmware_exporter import VmwareExporterConfig

BEGIN = "<!-- generated from agent/config/model.py -->"
END = "<!-- end of the generated part -->"
SECTIONS: dict[str, type[BaseModel]] = {
    "The file": Config,
    "Each item of `vcenters`": VCenterConfig,
    "`tls` of a vCenter": TlsConfig,
    "`vmware_exporter` of a vCenter": VmwareExporterConfig,
    "`performance`": PerformanceConfig,
    "`health`": HealthConfig,
    "Each entry of `health.checks`": HealthCheckConfig,
    "Each item of `overrides`": HealthOverrideConfig,
    "`claims`": ClaimsConfig,
    "`storage`": StorageConfig,
    "`labels`": LabelsConfig,
    "`service_discovery`": DiscoveryConfig,
    "Each item of `service_discovery.rules`": PortRuleConfig,
    "Each item of `acknowledgements` in the acknowledgements file": AcknowledgementConfig,
}
KINDS = {str: "text", int: "whole number", bool: "true or false", Path: "file name", timedelta: "duration"}


def render() -> str:
    """One table for each section of the file."""
    return "\n".join(line for title, section in SECTIONS.items() for line in _table(title, section))


def refreshed(page: str) -> str:
    """`page` with its generated part made anew.

    Raises:
        ValueError: the page lacks one of the two marks.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page needs the lines {BEGIN!r} and {END!r}")
    return f"{before}{BEGIN}\n{render()}\n{END}{after}"


def _table(title: str, section: type[BaseModel]) -> Iterator[str]:
    yield from ("", f"### {title}", "", (section.__doc__ or "").strip(), "")
    yield from ("| key | value | default | meaning |", "|---|---|---|---|")
    for name, field in section.model_fields.items():
        example = f" Example: `{field.examples[0]}`" if field.examples else ""
        yield f"| `{name}` | {_kind(field)} | {_default(field)} | {field.description}{example} |"


def _kind(field: FieldInfo) -> str:
    options = [option for option in (field.annotation, *_parts(field.annotation)) if option in KINDS]
    if options:
        return KINDS[options[0]]
    return "list" if field.is_required() else "section"


def _parts(annotation: Any) -> Iterator[Any]:
    for part in get_args(annotation):
        yield part
        yield from _parts(part)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    match field.default:
        case None | BaseModel():
            return "none"
        case timedelta() as duration:
            return f"`{format_duration(duration)}`"
        case bool() as flag:
            return f"`{str(flag).lower()}`"
        case other:
            return f"`{other}`"


if __name__ == "__main__":
    document = Path(sys.argv[1])
    document.write_text(refreshed(document.read_text(encoding="utf-8")), encoding="utf-8")
