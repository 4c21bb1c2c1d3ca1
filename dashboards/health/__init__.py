"""What Prometheus is told of the health checks, generated from the catalogue: rules, their cases, and runbook pages."""

from pathlib import Path

from dashboards.health.alerts import rules, runbooks
from dashboards.health.cases import cases

ROOT = Path(__file__).parent.parent


def rendered() -> dict[Path, str]:
    """Every generated file with its text."""
    return {
        ROOT / "prometheus/rules/health.rules.yml": rules(),
        **{ROOT / "prometheus/tests" / name: text for name, text in cases().items()},
        **{ROOT / "runbooks" / f"{name}.md": page for name, page in runbooks().items()},
    }


__all__ = ["rendered"]
