"""How a command ends: its exit code, and the one line that says what failed. A user never sees a traceback."""

import errno
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from enum import IntEnum

import click

from agent.cli.program import ENVIRONMENT_PREFIX, NAME, program
from agent.errors import NO_ROOM, AgentError, ConfigError, is_starvation


class Exit(IntEnum):
    """The codes that scripts and the systemd unit rely on."""

    OK = 0
    FAILURE = 1
    USAGE = 2
    CONFIGURATION = 78
    """EX_CONFIG of sysexits.h: restarting does not help."""


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code; messages go to standard error."""
    try:
        outcome = program.main(
            list(arguments), prog_name=NAME, standalone_mode=False, auto_envvar_prefix=ENVIRONMENT_PREFIX
        )
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return Exit.FAILURE
    except ConfigError as error:
        for problem in error.problems:
            _say(problem)
        return Exit.CONFIGURATION
    except AgentError as error:
        _say(error.problem, error.cure)
        return Exit.FAILURE
    except OSError as error:
        if error.errno == errno.EPIPE:
            # The reader of our output has gone; Python would complain once more when it flushes at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return Exit.FAILURE
        _say(_operating_system(error))
        return Exit.FAILURE
    except Exception as error:  # noqa: BLE001 - the last resort: a bug is reported as one, not thrown at the user
        if is_starvation(error):
            _say(f"{NAME}: {NO_ROOM}")
            return Exit.FAILURE
        _say(
            f"this is a bug in {NAME} ({type(error).__name__})",
            "please report it, with the output of --log.level debug",
        )
        # Asked of the arguments too: a bug can come before they are understood.
        if logging.getLogger().isEnabledFor(logging.DEBUG) or {"debug", "--log.level=debug"} & set(arguments):
            traceback.print_exc()
        return Exit.FAILURE
    return outcome if isinstance(outcome, int) else Exit.OK


def _operating_system(error: OSError) -> str:
    reason = error.strerror or type(error).__name__
    return f"{error.filename}: {reason}" if error.filename else reason


def _say(problem: str, cure: str = "") -> None:
    click.secho("error: ", fg="red", bold=True, nl=False, err=True)
    click.echo(problem, err=True)
    if cure:
        click.echo(f"  {cure}", err=True)
