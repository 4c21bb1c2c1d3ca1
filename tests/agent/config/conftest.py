"""A directory with a password file and a CA, and a configuration written into it."""

from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from agent.config import Config, load
from agent.errors import ConfigError

PASSWORD = "correct horse battery"  # noqa: S105 - the tests look that it shows up nowhere


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    password = tmp_path / "dc1.password"
    password.write_text(PASSWORD + "\n")
    password.chmod(0o600)
    trustme.CA().cert_pem.write_to_path(tmp_path / "ca.pem")
    return tmp_path


@pytest.fixture
def loaded(folder: Path) -> Callable[[str], Config]:
    def write_and_load(text: str) -> Config:
        file = folder / "checkmeter.yaml"
        file.write_text(text)
        return load(file, {})

    return write_and_load


@pytest.fixture
def problems(loaded: Callable[[str], Config], folder: Path) -> Callable[[str], list[str]]:
    """The lines that a text gives, without the name of the file; a line that lacks it fails the test."""

    def of(text: str) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            loaded(text)
        prefix = f"{folder}/checkmeter.yaml:"
        assert all(line.startswith(prefix) for line in caught.value.problems)
        return [line.removeprefix(prefix).replace(f"{folder}/", "") for line in caught.value.problems]

    return of
