"""From the configuration to what the health checks are made with, every name and threshold checked."""

from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from agent.collectors.health import HealthRules
from agent.config.builds import load_builds
from agent.config.health import AcknowledgementsFile, HealthCheckConfig, HealthConfig, Thresholds
from agent.config.side_files import read_side_file
from agent.errors import ConfigError
from agent.health.catalogue import Check, catalogue
from agent.health.selector import Selector
from agent.health.settings import AcknowledgementRule, CheckSettings, HealthSettings, Override
from agent.model.health import Acknowledgement


def health_settings(config: HealthConfig) -> HealthSettings:
    """The settings, with the acknowledgements as they stand in their file now.

    Raises:
        ConfigError: with one line for each mistake.
    """
    problems: list[str] = []
    checks = {}
    for name, one in config.checks.items():
        check = catalogue().get(name)
        if check is None:
            problems.append(f"health.checks.{name}: there is no such check{_meant(name)}")
            continue
        problems += _wrong_thresholds(check, one)
        checks[name] = _settings(one)
    if problems:
        raise ConfigError(*problems)
    return HealthSettings(checks=checks, acknowledgements=acknowledgements(config.acknowledgements_file))


def health_rules(config: HealthConfig) -> HealthRules:
    """What the collector makes the checks with; the acknowledgements are read anew when their file changes.

    Raises:
        ConfigError: with one line for each mistake.
    """
    fixed = health_settings(config)
    file = config.acknowledgements_file
    return HealthRules(
        settings=lambda: fixed if file is None else replace(fixed, acknowledgements=acknowledgements(file)),
        builds=load_builds(config.builds_file),
        kinds=_kinds,
        interval_s=config.interval.total_seconds(),
    )


@cache
def _kinds() -> frozenset[str]:
    return frozenset(kind for check in catalogue().values() for kind in check.events)


def acknowledgements(file: Path | None) -> tuple[AcknowledgementRule, ...]:
    """What the file of acknowledgements says; nothing if none is configured.

    Raises:
        ConfigError: it cannot be used.
    """
    if file is None:
        return ()
    entries = read_side_file(file, AcknowledgementsFile).acknowledgements
    unknown = [one.check for one in entries if one.check not in catalogue()]
    if unknown:
        raise ConfigError(*(f"{file}: there is no check {name}{_meant(name)}" for name in unknown))
    return tuple(
        AcknowledgementRule(
            check=one.check,
            object=one.object,
            part=one.part,
            acknowledgement=Acknowledgement(reason=one.reason, until=one.ends, by=one.by),
        )
        for one in entries
    )


def _settings(one: HealthCheckConfig) -> CheckSettings:
    return CheckSettings(
        enabled=one.enabled,
        thresholds=dict(one.thresholds),
        overrides=tuple(
            Override(
                selector=Selector(name=of.name, folder=of.folder, tag=of.tag, attributes=of.attributes),
                thresholds=dict(of.thresholds),
            )
            for of in one.overrides
        ),
    )


def _wrong_thresholds(check: Check, one: HealthCheckConfig) -> list[str]:
    given = [("thresholds", one.thresholds)]
    given += [(f"overrides[{index}].thresholds", of.thresholds) for index, of in enumerate(one.overrides)]
    return [problem for place, thresholds in given for problem in _wrong(check, place, thresholds)]


def _wrong(check: Check, place: str, thresholds: Thresholds) -> list[str]:
    problems = []
    for name, value in thresholds.items():
        where = f"health.checks.{check.name}.{place}.{name}"
        if name not in check.thresholds:
            known = ", ".join(check.thresholds) or "it has none"
            problems.append(f"{where}: the check has no such threshold; known: {known}")
        elif not _fits(value, check.thresholds[name]):
            problems.append(f"{where}: must be like the default, {check.thresholds[name]!r} [got {value!r}]")
    return problems


def _fits(value: object, default: object) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float)
    return isinstance(value, type(default))


@cache
def _meant(name: str) -> str:
    close = get_close_matches(name, catalogue(), 1)
    return f", did you mean {close[0]}?" if close else ""
