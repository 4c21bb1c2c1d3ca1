"""The `health` part of the configuration, and the two files it may name."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, Strict, field_validator
from pydantic_core import PydanticCustomError

from agent.config.durations import QuickInterval
from agent.config.file_names import FilePath
from agent.config.section import Section

ThresholdValue = bool | int | float | str | tuple[str, ...]


def _threshold(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


Thresholds = Mapping[str, Annotated[ThresholdValue, BeforeValidator(_threshold)]]


def _day(text: Any) -> Any:
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise PydanticCustomError("day", "must be a day, such as 2027-01-31") from None


Day = Annotated[date, BeforeValidator(_day)]


class HealthOverrideConfig(Section):
    """Other thresholds for some objects: those that everything given here matches; `*` and `?` are wild cards."""

    name: str | None = Field(default=None, description="The object's name.", examples=["test-*"])
    folder: str | None = Field(
        default=None,
        description="The VM's folder, as a path below the datacenter; folders below it are meant too.",
        examples=["Drift/Arkiv"],
    )
    tag: str | None = Field(
        default=None,
        description="A tag on the object, as Category:Tag of a category in `labels.tags`, or by its id.",
        examples=["Tier:gold"],
    )
    attributes: Mapping[str, str] | None = Field(
        default=None, description="Custom attributes of the object, by name.", examples=[{"Aftale": "Bronze*"}]
    )
    thresholds: Thresholds = Field(
        default={}, description="Thresholds for these objects.", examples=[{"warning_days": 30}]
    )


class HealthCheckConfig(Section):
    """One check, under its name as `docs/checks.md` has it."""

    enabled: bool = Field(default=True, description="`false` leaves the check out.")
    thresholds: Thresholds = Field(
        default={}, description="Thresholds that differ from the check's defaults.", examples=[{"critical_days": 14}]
    )
    overrides: Annotated[tuple[HealthOverrideConfig, ...], Strict(strict=False)] = Field(
        default=(), description="Other thresholds for some objects; of several that match, the last one holds."
    )


class HealthConfig(Section):
    """The health checks; they need no configuration."""

    interval: QuickInterval = Field(
        default=timedelta(minutes=1), description="How often all checks are made. 10s to 10m."
    )
    checks: Mapping[str, HealthCheckConfig] = Field(
        default={},
        description="What differs, by the name of the check.",
        examples=[{"vm_snapshot_old": {"thresholds": {"warning_days": 5}}}],
    )
    acknowledgements_file: FilePath | None = Field(
        default=None,
        description="File of findings that are known and may stand for a while; read again when it changes.",
        examples=["acknowledgements.yaml"],
    )
    builds_file: FilePath | None = Field(
        default=None,
        description="File with releases of ESXi and vCenter, in the form of the table that comes with Checkmeter; adds "
        "to it.",
        examples=["builds.yaml"],
    )


class AcknowledgementConfig(Section):
    """One known finding."""

    check: str = Field(description="The name of the check.")
    object: str = Field(description="The name of the object, `*` and `?` being wild cards, or its id.")
    part: str | None = Field(default=None, description="Which part of the object, where a check finds several.")
    reason: str = Field(min_length=1, description="Why it may stand.")
    until: Day = Field(description="The last day on which it may.")
    by: str | None = Field(default=None, description="Who says so.")

    @property
    def ends(self) -> datetime:
        """The end of the last day, UTC."""
        return datetime.combine(self.until, time(), UTC) + timedelta(days=1)


class AcknowledgementsFile(Section):
    """A file of acknowledgements."""

    acknowledgements: Annotated[tuple[AcknowledgementConfig, ...], Strict(strict=False)] = ()


class ReleaseConfig(Section):
    """A release: its name and the day it came out."""

    name: str
    released: Day


class BuildsFile(Section):
    """Releases by build number, and the end of general support by line."""

    dated: Day
    sources: Mapping[str, str] = {}
    support_ends: Mapping[str, Mapping[str, Day]] = {}
    releases: Mapping[str, Mapping[str, ReleaseConfig]] = {}

    @field_validator("support_ends", "releases")
    @classmethod
    def _known_products(cls, found: Mapping[str, Any]) -> Mapping[str, Any]:
        if unknown := found.keys() - {"esxi", "vcenter"}:
            raise PydanticCustomError("product", f"knows esxi and vcenter, not {', '.join(sorted(unknown))}")
        return found
