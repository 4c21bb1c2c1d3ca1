"""Tools that a machine may lack: a test that needs one is skipped, or fails where `.ci/run` promised the tool."""

import os
import shutil
from typing import NoReturn

import pytest

PACKAGES = {
    "go": ("go", "golang"),
    "prometheus": ("prometheus", "prometheus"),
    "promtool": ("promtool", "prometheus"),
    "alertmanager": ("prometheus-alertmanager", "prometheus-alertmanager"),
    "amtool": ("amtool", "prometheus-alertmanager"),
    "chromium": ("chromium", "chromium"),
    "systemd-analyze": ("systemd-analyze", "systemd"),
    "victoria-metrics": ("victoria-metrics", "victoria-metrics"),
    "openssl": ("openssl", "openssl"),
    "debootstrap": ("debootstrap", "debootstrap"),
    "systemd-nspawn": ("systemd-nspawn", "systemd-container"),
    "dpkg-deb": ("dpkg-deb", "dpkg"),
    "git": ("git", "git"),
    "unshare": ("unshare", "util-linux"),
}
"""Word of the marker -> command, Debian package."""


def require(tool: str) -> None:
    """Go on only where the tool of this word is installed."""
    command, package = PACKAGES[tool]
    if shutil.which(command) is None:
        do_without(f"needs {command}: apt-get install {package}")


def do_without(reason: str) -> NoReturn:
    """The one place that skips a test: `CHECKMETER_REQUIRE_TOOLS=1` makes it a failure instead."""
    if os.environ.get("CHECKMETER_REQUIRE_TOOLS") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def not_permitted(reason: str) -> NoReturn:
    """Skip a test for want of a right, which no script can install: also where every tool is promised."""
    pytest.skip(reason)
