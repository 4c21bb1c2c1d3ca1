"""The schema and the reference say what the model says."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from agent.config import TlsConfig, VCenterConfig
from agent.config.durations import PATTERN, format_duration, parse_duration
from agent.config.reference import refreshed
from agent.config.schema import json_schema

ROOT = Path(__file__).parents[3]


def test_the_page_on_configuration_is_fresh() -> None:
    page = (ROOT / "docs/configuration.md").read_text()
    assert refreshed(page) == page, "run: .venv/bin/python -m agent.config.reference docs/configuration.md"


def test_the_page_names_every_key_with_its_meaning() -> None:
    page = (ROOT / "docs/configuration.md").read_text()
    for section in (VCenterConfig, TlsConfig):
        for name, field in section.model_fields.items():
            assert f"| `{name}` |" in page
            assert field.description
            assert field.description in page


def test_a_page_without_its_marks_is_not_overwritten() -> None:
    with pytest.raises(ValueError, match="the page needs the lines"):
        refreshed("# Configuration\n")


def test_the_schema_writes_defaults_as_the_file_does() -> None:
    properties = json_schema()["$defs"]["VCenterConfig"]["properties"]
    for key in ("interval", "slow_interval", "timeout"):
        assert re.fullmatch(properties[key]["pattern"], properties[key]["default"])
    json.dumps(json_schema())


def test_the_schema_refuses_unknown_keys() -> None:
    schema = json_schema()
    assert schema["additionalProperties"] is False
    assert all(part["additionalProperties"] is False for part in schema["$defs"].values())


@pytest.mark.parametrize("text", ["1s", "90s", "5m", "90m", "1h", "24h"])
def test_a_duration_reads_back_as_it_was_written(text: str) -> None:
    assert re.fullmatch(PATTERN, text)
    assert format_duration(parse_duration(text)) == text


def test_a_duration_is_written_in_its_largest_whole_unit() -> None:
    assert format_duration(timedelta(seconds=120)) == "2m"


@pytest.mark.parametrize(
    "text", ["", "0s", "-5s", "5", "5 m", "1.5h", "5min", "5M", "\N{ARABIC-INDIC DIGIT FIVE}s", 5, None, True]
)
def test_anything_else_is_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match="must be a duration with its unit"):
        parse_duration(text)
