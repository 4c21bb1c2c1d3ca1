import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from agent import __version__
from agent.cli.program import Deferred, program
from tests.agent.cli.invocation import LIMIT_S, ROOT, checkmeter, environment

SLOW_TO_IMPORT = ("pyVmomi", "uvicorn", "jinja2", "pydantic", "prometheus_client", "ruamel")


def deferred(group: click.Group, way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Deferred]]:
    for name, command in group.commands.items():
        if isinstance(command, Deferred):
            yield (*way, name), command
        elif isinstance(command, click.Group):
            yield from deferred(command, (*way, name))


def test_help_lists_every_command_and_ends_well() -> None:
    done = checkmeter("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert [
        name for name in ("serve", "demo", "simulate", "config", "completion") if f"\n  {name} " not in done.stdout
    ] == []


def test_help_imports_nothing_that_takes_long() -> None:
    code = "import sys; from agent.cli.outcome import run; run(['--help']); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=LIMIT_S, check=True
    )  # fmt: skip
    assert set(done.stdout.split()) & set(SLOW_TO_IMPORT) == set()


def test_a_check_of_the_file_goes_without_pyvmomi() -> None:
    code = "import sys, agent.cli.config_check; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=LIMIT_S, check=True
    )  # fmt: skip
    assert "pyVmomi" not in done.stdout.split()


@pytest.mark.parametrize(
    ("way", "command"), list(deferred(program)), ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_a_listed_command_is_there_under_its_name(way: tuple[str, ...], command: Deferred) -> None:
    loaded = command.load()
    assert loaded.name == way[-1]
    assert loaded.help
    assert all(option.help for option in loaded.params if isinstance(option, click.Option))


def test_what_is_listed_but_no_command_is_refused() -> None:
    with pytest.raises(TypeError, match=r"agent\.cli\.logs:logfmt is not a command"):
        Deferred("x", "agent.cli.logs:logfmt", "").load()


def test_the_version_is_that_of_the_package() -> None:
    assert checkmeter("--version").stdout == f"checkmeter {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["surve"], "No such command 'surve'"),
        (["serve", "--wrong"], "No such option '--wrong'"),
        (
            ["serve", "--web.listen-address", "10272"],
            "'10272' is not HOST:PORT, such as 127.0.0.1:10272 or [::1]:10272",
        ),
        (["serve", "--web.listen-address", "127.0.0.1:99999"], "'127.0.0.1:99999' is not HOST:PORT"),
        (
            ["serve", "--web.listen-address", ":1"],
            "':1' names no address: use 0.0.0.0:1 for all of IPv4, [::]:1 for IPv6",
        ),
        (["serve", "--log.format", "xml"], "'xml' is not one of 'logfmt', 'json'"),
        (["demo", "--for", "5"], "'5' must be a duration with its unit, such as 30s, 5m or 1h"),
        (["simulate", "--vms", "1"], "1 is not in the range 20<=x<=20000"),
        (["completion", "tcsh"], "'tcsh' is not one of 'bash', 'zsh', 'fish'"),
    ],
)
def test_wrong_use_exits_with_2_and_says_what_is_wrong(arguments: list[str], message: str) -> None:
    done = checkmeter(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(shell: str) -> None:
    done = checkmeter("completion", shell)
    assert done.returncode == 0
    assert f"_CHECKMETER_COMPLETE={shell}_complete" in done.stdout


def test_bash_completes_commands_of_a_group() -> None:
    done = checkmeter(COMP_WORDS="checkmeter config ", COMP_CWORD="2", _CHECKMETER_COMPLETE="bash_complete")
    assert done.stdout.split() == ["plain,check", "plain,schema"]


def test_bash_completes_dotted_options_too() -> None:
    done = checkmeter(COMP_WORDS="checkmeter serve --web", COMP_CWORD="2", _CHECKMETER_COMPLETE="bash_complete")
    assert done.stdout.split() == [
        "plain,--web.listen-address",
        "plain,--web.config.file",
        "plain,--web.allow-open",
    ]


def test_an_option_can_come_from_the_environment() -> None:
    done = checkmeter("serve", CHECKMETER_SERVE_CONFIG_FILE="from-the-environment.yaml")
    assert done.returncode == 78
    assert "from-the-environment.yaml: No such file or directory" in done.stderr


def test_the_schema_goes_to_standard_output_alone() -> None:
    done = checkmeter("config", "schema")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith('{\n  "$schema"')
