"""The examples in docs/health.md are right."""

import re
from pathlib import Path

import pytest

from agent.cli.health_settings import health_settings
from agent.config import document
from agent.config.builds import load_builds
from agent.config.health import AcknowledgementsFile, HealthConfig
from agent.config.side_files import read_side_file

BLOCKS = re.findall(r"```yaml\n(.*?)```", Path("docs/health.md").read_text(encoding="utf-8"), re.DOTALL)


def block(first_key: str) -> str:
    return next(text for text in BLOCKS if text.startswith(f"{first_key}:"))


def test_the_configuration_of_thresholds_is_accepted() -> None:
    values = document.read(block("health")).values["health"]
    settings = health_settings(HealthConfig.model_validate(values))
    assert not settings.enabled("vm_name_differs")
    assert len(settings.checks["vm_snapshot_old"].overrides) == 3


def test_the_acknowledgement_is_accepted(tmp_path: Path) -> None:
    file = tmp_path / "known.yaml"
    file.write_text(block("acknowledgements"), encoding="utf-8")
    (known,) = read_side_file(file, AcknowledgementsFile).acknowledgements
    assert str(known.until) == "2026-12-31"


def test_the_table_of_releases_is_accepted_and_added_to_ours(tmp_path: Path) -> None:
    file = tmp_path / "builds.yaml"
    file.write_text(block("dated").replace('"25205845"', '"99999999"'), encoding="utf-8")
    table = load_builds(file)
    assert str(table.dated) == "2026-11-01"
    assert table.release("esxi", "99999999") is not None
    assert table.release("esxi", "24022510") is not None


@pytest.mark.parametrize("product", ["esxi", "vcenter"])
def test_the_table_that_is_shipped_has_an_end_of_support_for_every_release(product: str) -> None:
    table = load_builds()
    for of, build in table.releases:
        if of == product:
            name = table.releases[of, build].name
            line = re.search(r"\d+\.\d+", name)
            assert line is not None
            assert table.support_end(product, line[0]) is not None, name
            assert table.dated is not None
            assert table.releases[of, build].released <= table.dated
