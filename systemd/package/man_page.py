"""checkmeter(1), made from the commands themselves."""

from collections.abc import Iterator
from datetime import UTC, datetime

import click

from agent.cli.program import NAME, Deferred, program

FILES = {
    "/etc/checkmeter/checkmeter.yaml": "The vCenters to read, contracts, checks.",
    "/etc/checkmeter/web.yml": "TLS and users of the web server; read again when it changes.",
    "/etc/default/checkmeter": "Options of the service, as environment variables.",
    "/var/lib/checkmeter": "The ledger. It is evidence: removing the package, purged or not, leaves it.",
}
EXITS = {
    0: "Done, or ended as asked.",
    1: "Failed; one line on standard error says what, the next what to do.",
    2: "Wrong use.",
    78: "The configuration cannot be used; one line for each mistake.",
}


def man_page(version: str, moment: int) -> str:
    """The page's source in man(7); `moment` in seconds since 1970 gives its date."""
    day = datetime.fromtimestamp(moment, UTC).date().isoformat()
    return "\n".join(
        [
            f'.TH {NAME.upper()} 1 {day} "{NAME} {version}"',
            ".SH NAME",
            f"{NAME} \\- {_text('independent meter for servers on VMware vSphere')}",
            ".SH SYNOPSIS",
            f".B {NAME}\n.I command\n.RI [ options ]",
            ".SH DESCRIPTION",
            _text(" ".join((program.help or "").split())),
            f".P\n.B {NAME} \\fIcommand\\fB \\-\\-help\nsays all options of a command.",
            ".SH COMMANDS",
            *(line for words, what in commands(program) for line in _item(words, what)),
            ".SH EXIT STATUS",
            *(line for code, what in EXITS.items() for line in _item(str(code), what)),
            ".P",
            _text("checkmeter health has the codes of monitoring plug-ins: 0 well, 1 warning, 2 critical, 3 unknown."),
            ".SH FILES",
            *(line for path, what in FILES.items() for line in _item(path, what)),
            ".SH SEE ALSO",
            _text("/usr/share/doc/checkmeter/, prometheus(1), systemctl(1)"),
            "",
        ]
    )


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, str]]:
    """Words and summary of every command in a group and in the groups of it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        command = found.load() if isinstance(found, Deferred) else found
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield f"{before}{name}", command.get_short_help_str(limit=200)
            yield from commands(command, f"{before}{name} ")
        elif command is not None and not command.hidden:
            yield f"{before}{name}", command.get_short_help_str(limit=200)


def _item(term: str, what: str) -> tuple[str, str, str]:
    return ".TP", f".B {_text(term)}", _text(what)


def _text(words: str) -> str:
    """As it stands in a page: a line that begins with a dot or an apostrophe would be a command."""
    escaped = words.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped
