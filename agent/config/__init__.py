"""The configuration file: what may stand in it, and how it is loaded."""

from agent.config.counters import PerformanceConfig
from agent.config.credentials import Secret, credential_stamp, read_password, read_secret_file
from agent.config.discovery import DiscoveryConfig, SelectionConfig
from agent.config.labels import LabelsConfig
from agent.config.loading import load
from agent.config.model import Config, TlsConfig, VCenterConfig

__all__ = [
    "Config",
    "DiscoveryConfig",
    "LabelsConfig",
    "PerformanceConfig",
    "Secret",
    "SelectionConfig",
    "TlsConfig",
    "VCenterConfig",
    "credential_stamp",
    "load",
    "read_password",
    "read_secret_file",
]
