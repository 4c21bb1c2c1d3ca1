"""Fixtures that tests of collectors borrow."""

from tests.simulator.test_govc import govc_binary

__all__ = ["govc_binary"]
