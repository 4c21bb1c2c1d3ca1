"""The letter that asks the vendor for the account's rights: what to give, where, why, and what is missing today."""

import shlex
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from agent.dataclass import dataclass
from agent.model.account import READ_ONLY_ROLE, READING, Account, Finding, Refusal, Verdict, merged

LANGUAGES = ("en", "da")
ROLE = "Checkmeter"
"""What the role is called in the letter, where Read-only is not enough."""
_MOST_NAMED = 5
_WIDTH = 118
_COMMAND = " " * 5
"""How far commands are indented, and the detail below an item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A privilege beyond the role Read-only, and how many features of each kind it is for."""

    privilege: str
    metrics: tuple[str, ...]
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A privilege that is missing today, where, and how much does not work for want of it.

    `asked_for` is false for one that would also let its holder change things.
    """

    privilege: str
    objects: tuple[str, ...]
    more: int
    features: int
    asked_for: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What the letter says. `account` is None where no login was tried; then nothing is said of today."""

    address: str
    username: str
    role: tuple[str, ...]
    extras: tuple[Extra, ...]
    operations: tuple[str, ...]
    tags: bool
    """whether tags are read, which is done over REST with a global permission"""
    written: date
    account: Account | None = None
    gaps: tuple[Gap, ...] = ()
    hidden_kinds: tuple[str, ...] = ()


def letter(
    *,
    address: str,
    username: str,
    role: Sequence[str],
    findings: Sequence[Finding],
    privileges: Mapping[str, str],
    operations: Sequence[str],
    tags: bool,
    written: date,
    account: Account | None = None,
) -> Letter:
    """Put the letter together; `findings` are of this account, or of every feature where no login was tried."""
    return Letter(
        address=address,
        username=username,
        role=tuple(role),
        extras=tuple(_extra(one, findings, privileges) for one in role if one not in READ_ONLY_ROLE),
        operations=tuple(operations),
        tags=tags,
        written=written,
        account=account,
        gaps=tuple(_gap(one, findings) for one in merged(gap for finding in findings for gap in finding.refusals)),
        hidden_kinds=tuple(
            dict.fromkeys(kind for one in findings if one.verdict is Verdict.INVISIBLE for kind in _kinds(one, account))
        ),
    )


def render(told: Letter, language: str) -> str:
    """The letter as plain text, `language` one of LANGUAGES."""
    text: str = _environment().get_template(f"{language}.txt").render(letter=told, role=ROLE, read_only=READ_ONLY_ROLE)
    return "\n".join(map(_wrapped, text.split("\n")))


def _wrapped(line: str) -> str:
    """A long line of prose in several; a command stays whole, so that it can be copied."""
    indent = line[: len(line) - len(line.lstrip())]
    if len(line) <= _WIDTH or len(indent) >= len(_COMMAND):
        return line
    below = indent + ("  " if line.lstrip().startswith("- ") else "")
    return textwrap.fill(
        line, _WIDTH, subsequent_indent=below, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )


def _kinds(finding: Finding, account: Account | None) -> tuple[str, ...]:
    """The kinds of object that hide, whether all of them or some."""
    kinds = {} if account is None else account.hidden
    return tuple(next((kind for kind, moids in kinds.items() if hidden in moids), hidden) for hidden in finding.hidden)


def _extra(privilege: str, findings: Sequence[Finding], privileges: Mapping[str, str]) -> Extra:
    def asking(kind: str) -> tuple[str, ...]:
        return tuple(
            one.feature.name
            for one in findings
            if one.feature.kind == kind
            and (
                any(privileges.get(need) == privilege for need in one.feature.needs)
                or any(refusal.privilege == privilege for refusal in one.refusals)
            )
        )

    return Extra(privilege=privilege, metrics=asking("metric"), checks=asking("check"))


def _gap(refusal: Refusal, findings: Sequence[Finding]) -> Gap:
    return Gap(
        privilege=refusal.privilege,
        objects=refusal.objects[:_MOST_NAMED],
        more=max(0, len(refusal.objects) - _MOST_NAMED),
        features=sum(any(one.privilege == refusal.privilege for one in finding.refusals) for finding in findings),
        asked_for=refusal.privilege in READING,
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("exporters.vendor_letter"),
        autoescape=False,  # noqa: S701 - the letter is plain text; commands in it are quoted for their shells
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["shell"] = shlex.quote
    environment.filters["powershell"] = lambda text: "'" + text.replace("'", "''") + "'"
    environment.filters["line"] = lambda text: " ".join(str(text).split())
    return environment
