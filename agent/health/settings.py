"""What the user decides about the checks: thresholds, for all objects or for some, and what may stand for a while."""

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from agent.dataclass import dataclass
from agent.health.catalogue import Check, Threshold
from agent.health.look import Look
from agent.health.selector import Selector
from agent.model.health import Acknowledgement, Finding

Thresholds = Mapping[str, Threshold]


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Other thresholds for the objects that a selector matches. `enabled` False: the check does not apply to them."""

    selector: Selector
    thresholds: Thresholds = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """One check: whether it is made, and its thresholds; of several overrides that match, the last one wins."""

    enabled: bool = True
    thresholds: Thresholds = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementRule:
    """Findings that are known: of a check, on objects by name (`*` and `?` are wild cards) or id, and, if named, a part."""

    check: str
    object: str
    part: str | None
    acknowledgement: Acknowledgement

    def matches(self, finding: Finding) -> bool:
        """Whether it speaks of this finding, expired or not."""
        return (
            finding.check == self.check
            and (self.object in {finding.object_id, finding.moid} or fnmatchcase(finding.object_name, self.object))
            and (self.part is None or fnmatchcase(finding.part, self.part))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthSettings:
    """All of it."""

    checks: Mapping[str, CheckSettings] = field(default_factory=dict)
    acknowledgements: tuple[AcknowledgementRule, ...] = ()

    def enabled(self, name: str) -> bool:
        """Whether a check is made at all."""
        return name not in self.checks or self.checks[name].enabled

    def thresholds(self, check: Check, look: Look) -> Thresholds | Callable[[Any], Thresholds]:
        """The thresholds of a check; where they differ by object, a function of the object."""
        own = self.checks.get(check.name)
        if own is None:
            return check.thresholds
        usual = {**check.thresholds, **own.thresholds}
        if not own.overrides:
            return usual

        def of(item: Any) -> Thresholds:
            for override in reversed(own.overrides):
                if override.selector.matches(item, look):
                    return {**usual, **override.thresholds}
            return usual

        return of

    def acknowledged(self, finding: Finding, now: datetime) -> Finding:
        """The finding, with the acknowledgement that holds for it."""
        for rule in self.acknowledgements:
            if rule.acknowledgement.until > now and rule.matches(finding):
                return replace(finding, acknowledged=rule.acknowledgement)
        return finding

    def notes(self, now: datetime) -> tuple[str, ...]:
        """Acknowledgements that hold no longer."""
        return tuple(
            f"the acknowledgement of {rule.check} on {rule.object} held until {rule.acknowledgement.last_day}: "
            f"{rule.acknowledgement.reason}"
            for rule in self.acknowledgements
            if rule.acknowledgement.until <= now
        )


DEFAULTS = HealthSettings()
