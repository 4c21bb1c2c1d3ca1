"""`checkmeter` and its commands. A command's module, and all it needs, is imported when that command runs."""

import importlib

import click

from agent import __version__

NAME = "checkmeter"
ENVIRONMENT_PREFIX = "CHECKMETER"
WIDTH = 100


class Deferred(click.Command):
    """Stands for a command in listings and completion. `source` is where the command is: `module:attribute`."""

    def __init__(self, name: str, source: str, short_help: str) -> None:
        super().__init__(name, short_help=short_help)
        self.source = source

    def load(self) -> click.Command:
        """The command itself.

        Raises:
            TypeError: `source` is not a command; a test loads them all.
        """
        module, _, attribute = self.source.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self.source} is not a command")
        return command


class DeferredGroup(click.Group):
    """A group that loads a command only once it is the one that was asked for."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that `args` begin with, loaded."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.load() if isinstance(command, Deferred) else command, rest


@click.group(cls=DeferredGroup, context_settings={"max_content_width": WIDTH, "help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name=NAME, message="%(prog)s %(version)s")
def program() -> None:
    """An independent meter for servers that a vendor runs on VMware.

    Reads vCenter with a read-only account and serves what it finds as Prometheus metrics and as a status page. Every
    option can also be given as an environment variable, such as CHECKMETER_SERVE_CONFIG_FILE.
    """


@program.group(cls=DeferredGroup)
def config() -> None:
    """Check the configuration file, or describe it."""


@program.group(cls=DeferredGroup)
def ledger() -> None:
    """Ask the downtime ledger: outages, one VM's timeline, events; verify, back up and export it."""


@program.group(cls=DeferredGroup)
def web() -> None:
    """Set up TLS and logins of the web server."""


@program.group(cls=DeferredGroup)
def dashboards() -> None:
    """Dashboards, rules and samples for Grafana, Prometheus and Alertmanager."""


for _name, _summary in {
    "serve": "Read the configured vCenters and serve metrics and the status page.",
    "health": "Read each vCenter once and say what the health checks find.",
    "demo": "Show everything at work on a simulated vCenter.",
    "migrate": "Convert the configuration of vmware_exporter.",
    "doctor": "Say what works with this account, what it lacks, and ask the vendor for it.",
    "report": "Write a month's evidence report, or check one.",
    "simulate": "Run a simulated vCenter for other programs to read.",
    "record": "Record what a vCenter answers, to replay it elsewhere.",
    "inventory": "Write what vCenter has as a spreadsheet with RVTools' tabs, or compare two days.",
    "claims": "Judge the vendor's promises for a month, and check contract files.",
    "completion": "Print what makes a shell complete commands and options.",
}.items():
    program.add_command(Deferred(_name, f"agent.cli.{_name}:{_name}", _summary))
for _name, _summary in {
    "check": "Say every mistake in the configuration file.",
    "schema": "Print the JSON schema of the configuration file.",
}.items():
    config.add_command(Deferred(_name, f"agent.cli.config_{_name}:{_name}", _summary))
for _name, _summary in {
    "hash-password": "Print what stands for a password in the web configuration file.",
    "check": "Say every mistake in a web configuration file.",
}.items():
    _module = _name.replace("-", "_")
    web.add_command(Deferred(_name, f"agent.cli.web_{_module}:{_module}", _summary))
for _name, _summary in {
    "outages": "List the outages of a month, to the second, with evidence.",
    "vm": "Print one VM's timeline with evidence.",
    "events": "Print vCenter's events as they were kept.",
    "findings": "List what the health checks found, and for how long it stood.",
    "verify": "Check that nothing in the ledger was altered.",
    "merge": "Make one ledger of several agents' of the same vCenter.",
    "purge": "Take out what is personal of before a day.",
    "backup": "Write a copy of the ledger while the agent runs.",
    "export": "Print the ledger's rows as JSON lines or CSV.",
}.items():
    ledger.add_command(Deferred(_name, f"agent.cli.ledger_{_name}:{_name}", _summary))
for _name, _summary in {
    "export": "Write all of them into a folder.",
}.items():
    dashboards.add_command(Deferred(_name, f"agent.cli.dashboards_{_name}:{_name}", _summary))
