"""`checkmeter completion`: what a shell needs to complete commands and options."""

import click
from click.shell_completion import get_completion_class

from agent.cli.program import NAME, program

HOW = {
    "bash": "checkmeter completion bash > /etc/bash_completion.d/checkmeter",
    "zsh": 'checkmeter completion zsh > "${fpath[1]}/_checkmeter"',
    "fish": "checkmeter completion fish > ~/.config/fish/completions/checkmeter.fish",
}


@click.command(epilog="\b\n" + "\n".join(HOW.values()))
@click.argument("shell", type=click.Choice(tuple(HOW)))
def completion(shell: str) -> None:
    """Print what makes a shell complete commands and options; put it where the shell looks for it."""
    complete = get_completion_class(shell)
    if complete is None:
        raise click.UsageError(f"no completion for {shell}")
    # bash's own source() starts a bash to warn of versions before 4.4, on standard error; that is welcome here too.
    click.echo(complete(program, {}, NAME, "_CHECKMETER_COMPLETE").source())
