"""What was measured, kept from one run to the next: a new figure takes the place of the one it repeats."""

import json
import os
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from tests.bench.measuring import Failure, Measurement
from tests.bench.processes import processor

ORDER = ("checkmeter", "vmware_exporter", "Telegraf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Measurements, and what could not be measured."""

    measurements: tuple[Measurement, ...] = ()
    failures: tuple[Failure, ...] = ()

    def groups(self) -> list[tuple[Measurement, ...]]:
        """The programs measured on the same server with their own defaults, the agent first; small servers first."""
        found: dict[tuple[str, int], list[Measurement]] = {}
        for one in self.measurements:
            if one.cadence_s is None and one.changing_percent is None:
                found.setdefault((one.server, one.vms), []).append(one)
        return [tuple(sorted(found[key], key=lambda one: ORDER.index(one.program))) for key in sorted(found)]

    def scaling(self) -> tuple[Measurement, ...]:
        """The agent's at a cadence that was asked for, by size and share of change."""
        found = [one for one in self.measurements if one.cadence_s is not None]
        return tuple(sorted(found, key=lambda one: (one.vms, one.changing_percent or 0)))

    def followed_by(self, new: "Figures") -> "Figures":
        """Both, where they measured the same only the new."""
        done = {_key(one) for one in (*new.measurements, *new.failures)}
        return Figures(
            measurements=(*(one for one in self.measurements if _key(one) not in done), *new.measurements),
            failures=(*(one for one in self.failures if _key(one) not in done), *new.failures),
        )


def machine() -> dict[str, str | int | float]:
    """What the figures are measured on; the load is that of whatever else runs."""
    return {
        "date": time.strftime("%Y-%m-%d"),
        "processor": processor(),
        "cores": os.cpu_count() or 0,
        "load": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "pyvmomi": version("pyvmomi"),
    }


def load(file: Path) -> Figures:
    """What was kept there; nothing if there is no such file."""
    if not file.exists():
        return Figures()
    written = json.loads(file.read_text())
    return Figures(
        measurements=tuple(Measurement(**one) for one in written["measurements"]),
        failures=tuple(Failure(**one) for one in written["failures"]),
    )


def keep(figures: Figures, file: Path) -> None:
    """Write them over what was kept there."""
    written = {
        "measurements": [_rounded(asdict(one)) for one in sorted(figures.measurements, key=_key)],
        "failures": [asdict(one) for one in sorted(figures.failures, key=_key)],
    }
    file.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n")


def _key(one: Measurement | Failure) -> tuple[str, int, str, float, float]:
    if isinstance(one, Failure):
        return one.server, one.vms, one.program, -1.0, -1.0
    changing = one.changing_percent if one.changing_percent is not None else -1.0
    cadence = one.cadence_s if one.cadence_s is not None else -1.0
    return one.server, one.vms, one.program, changing, cadence


def _rounded(value: object) -> object:
    """To four digits after the point; /proc counts hundredths of a second."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    return value


def told(measured: Sequence[Measurement]) -> str:
    """When and on what they were measured; the load of each."""
    on = measured[0].on
    loads = ", ".join(f"{one.program} {one.on.get('load', '?')}" for one in measured)
    return (
        ", ".join(f"{name} {value}" for name, value in on.items() if name != "load") + f"; load at its start: {loads}"
    )
