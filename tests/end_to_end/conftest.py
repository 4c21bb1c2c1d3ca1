"""A simulated vCenter and a configuration that points at it, as for the command line's own tests."""

from tests.agent.cli.conftest import config_file, vcenter

__all__ = ["config_file", "vcenter"]
