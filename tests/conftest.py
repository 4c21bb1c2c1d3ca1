"""What all tests share: tools that a machine may lack, and the servers that fixtures start."""

import pytest
from hypothesis import settings

from tests.tools import require

# a test that takes long on a busy machine is not wrong
settings.register_profile("project", deadline=None)
settings.load_profile("project")

pytest_plugins = ["tests.vcsim.server"]


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs"):
        require(marker.args[0])
