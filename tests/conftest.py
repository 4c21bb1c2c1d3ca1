"""What all tests share: tools that a machine may lack, and the servers that fixtures start."""

import pytest

from tests.tools import require

pytest_plugins = ["tests.vcsim.server"]


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs"):
        require(marker.args[0])
