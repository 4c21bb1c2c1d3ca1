"""The pieces of configuration that documents show can be loaded."""

import re
from pathlib import Path

import pytest

from agent.config import load
from tests.agent.config.test_loading import MINIMAL

ROOT = Path(__file__).parents[1]
SHOWN = [
    (path, block)
    for name in ("inventory", "service-discovery")
    for path in (ROOT / f"docs/{name}.md",)
    for block in re.findall(r"```yaml\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
]


@pytest.mark.parametrize(("path", "block"), SHOWN, ids=lambda value: value.stem if isinstance(value, Path) else "")
def test_a_piece_of_configuration_in_a_document_is_right(path: Path, block: str, tmp_path: Path) -> None:
    (tmp_path / "dc1.password").touch(mode=0o600)
    (tmp_path / "dc1.password").write_text("x")
    file = tmp_path / "checkmeter.yaml"
    file.write_text(MINIMAL + block, encoding="utf-8")
    load(file)


def test_both_documents_show_one() -> None:
    assert {path.stem for path, _ in SHOWN} == {"inventory", "service-discovery"}
