"""What all tests share: tools that a machine may lack."""

import os
import shutil

import pytest

PACKAGES = {
    "go": ("go", "golang"),
    "prometheus": ("prometheus", "prometheus"),
    "promtool": ("promtool", "prometheus"),
    "alertmanager": ("prometheus-alertmanager", "prometheus-alertmanager"),
    "amtool": ("amtool", "prometheus-alertmanager"),
    "chromium": ("chromium", "chromium"),
    "systemd-analyze": ("systemd-analyze", "systemd"),
    "openssl": ("openssl", "openssl"),
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs"):
        command, package = PACKAGES[marker.args[0]]
        if shutil.which(command) is None:
            reason = f"needs {command}: apt-get install {package}"
            if os.environ.get("CHECKMETER_REQUIRE_TOOLS") == "1":
                pytest.fail(reason, pytrace=False)
            pytest.skip(reason)
