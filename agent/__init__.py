"""Checkmeter: reads vCenter, remembers, judges."""

__version__ = "0.1.0"
