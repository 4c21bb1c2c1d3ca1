"""The compose file: as far as can be said without containers."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.dashboards.expressions import BOARDS, ROOT, load_yaml

STACK = ROOT / "dashboards/stack"
COMPOSE = load_yaml(STACK / "compose.yaml")
SERVICES: dict[str, Any] = COMPOSE["services"]
USERS_OWN = {"./checkmeter"}


def test_all_of_it_is_there() -> None:
    assert set(SERVICES) == {"agent", "prometheus", "alertmanager", "grafana", "blackbox"}


def test_every_image_has_a_version() -> None:
    images = [one["image"] for one in SERVICES.values()]
    images += re.findall(r"^ARG BASE=(\S+)", (ROOT / "systemd/package/Containerfile").read_text(), re.MULTILINE)
    assert len(images) == len(SERVICES) + 1
    assert [image for image in images if not re.search(r":v?\d+\.\d+", image)] == []


def test_no_password_has_a_default_and_none_stands_in_a_file() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            assert not re.search(r"PASSWORD|SECRET|TOKEN", variable) or variable.endswith("__FILE"), (name, value)
    assert all(secret["file"].startswith("./secrets/") for secret in COMPOSE["secrets"].values())
    assert not (STACK / "secrets").exists()


def test_nothing_listens_beyond_this_machine() -> None:
    for name, service in SERVICES.items():
        said = " ".join([*service.get("command", ()), *service.get("environment", {}).values()])
        assert "127.0.0.1" in said, name
        assert "listen-address=:" not in said
        assert "ports" not in service


def test_every_file_that_is_mounted_is_shipped() -> None:
    mounts = [volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", ())]
    paths = [mount for mount in mounts if mount.startswith(".") and mount not in USERS_OWN]
    assert paths
    assert [path for path in paths if not (STACK / path).exists()] == []
    assert {mount for mount in mounts if not mount.startswith(".")} == set(COMPOSE["volumes"])


def test_nothing_runs_with_more_rights_than_it_needs() -> None:
    for service in SERVICES.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
    assert {name for name, service in SERVICES.items() if service.get("cap_add")} == {"blackbox"}


@pytest.mark.parametrize(
    ("service", "program"),
    [
        pytest.param("prometheus", "prometheus", marks=pytest.mark.needs("prometheus")),
        pytest.param("alertmanager", "prometheus-alertmanager", marks=pytest.mark.needs("alertmanager")),
    ],
)
def test_the_real_program_knows_every_flag(service: str, program: str) -> None:
    done = subprocess.run([program, "--help"], capture_output=True, text=True, timeout=20, check=False)
    known = done.stdout + done.stderr
    assert [flag for flag in SERVICES[service]["command"] if flag.partition("=")[0] not in known] == []


def test_grafana_finds_the_dashboards_where_they_are_mounted() -> None:
    (provider,) = load_yaml(STACK / "grafana-provider.yml")["providers"]
    mounted = {volume.split(":")[1]: volume.split(":")[0] for volume in SERVICES["grafana"]["volumes"]}
    folder = (STACK / mounted[provider["options"]["path"]]).resolve()
    assert set(folder.glob("*.json")) == set(BOARDS)
    home = Path(SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
    assert (folder / home.name).exists()


def test_the_modules_that_the_probes_ask_for_are_there() -> None:
    jobs = load_yaml(ROOT / "dashboards/prometheus/probes.yml")["scrape_configs"]
    asked = {module for job in jobs for module in job.get("params", {}).get("module", ())}
    assert asked
    assert asked <= set(load_yaml(STACK / "blackbox.yml")["modules"])
