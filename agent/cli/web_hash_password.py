"""`checkmeter web hash-password`: what stands for a password in the web configuration file."""

import sys

import bcrypt
import click

from agent.errors import AgentError

DEFAULT_COST = 12
LONGEST_BYTES = 72


@click.command("hash-password")
@click.option(
    "--cost",
    type=click.IntRange(10, 15),
    default=DEFAULT_COST,
    show_default=True,
    help="Each step doubles the time of a guess, and of a login.",
)
def hash_password(cost: int) -> None:
    """Print the bcrypt hash of a password, for `basic_auth_users` of the web configuration file.

    Asks for the password on a terminal, twice and unseen; otherwise reads one line from standard input.
    """
    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        password = sys.stdin.readline().removesuffix("\n").removesuffix("\r")
    encoded = password.encode()
    if not encoded or "\0" in password:
        raise AgentError("the password is empty, or holds a zero byte", cure="give one line of text")
    if len(encoded) > LONGEST_BYTES:
        raise AgentError(f"bcrypt looks at the first {LONGEST_BYTES} bytes only", cure="choose a shorter password")
    click.echo(bcrypt.hashpw(encoded, bcrypt.gensalt(cost)).decode())
