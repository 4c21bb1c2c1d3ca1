"""What a result says in a sentence that a person can check, in Danish and in English. Figures are cut off, never rounded."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from agent.model.contract_claims import Operator, Unit
from agent.model.verdict import Bounds, ClaimResult, Reason, Verdict

_TO = "\u2013"
"""an en dash"""
Language = Literal["da", "en"]

VERDICTS: Mapping[Language, Mapping[Verdict, str]] = {
    "en": {
        Verdict.MET: "met",
        Verdict.BREACHED: "breached",
        Verdict.UNDECIDED: "undecided",
        Verdict.NO_VERDICT: "no verdict",
    },
    "da": {
        Verdict.MET: "overholdt",
        Verdict.BREACHED: "misligholdt",
        Verdict.UNDECIDED: "uafgjort",
        Verdict.NO_VERDICT: "ingen afgørelse",
    },
}
REASONS: Mapping[Language, Mapping[Reason, str]] = {
    "en": {
        Reason.LOW_COVERAGE: "too little of the time is known: {coverage} %, and the contract asks for {least} %",
        Reason.MONTH_RUNS: "so far the target is missed, and the rest of the month can still make up for it",
        Reason.UNKNOWN_TIME: "the time in which nothing could tell decides",
        Reason.NO_OBJECTS: "nothing that the claim is about was there",
        Reason.NO_AGREED_TIME: "no agreed time lies in this stretch",
        Reason.NOT_RECORDED: "what the measure needs was not recorded",
        Reason.NO_SOURCE: "the file or the times that the measure needs are not there",
    },
    "da": {
        Reason.LOW_COVERAGE: "for lidt af tiden er kendt: {coverage} %, og kontrakten kræver {least} %",
        Reason.MONTH_RUNS: "indtil nu er målet ikke nået, men resten af måneden kan stadig rette op på det",
        Reason.UNKNOWN_TIME: "den ukendte tid er afgørende",
        Reason.NO_OBJECTS: "intet af det, som kravet handler om, fandtes",
        Reason.NO_AGREED_TIME: "der er ingen aftalt tid i perioden",
        Reason.NOT_RECORDED: "det, som målingen kræver, er ikke registreret",
        Reason.NO_SOURCE: "den fil eller de tidspunkter, som målingen kræver, mangler",
    },
}
UNITS: Mapping[Language, dict[Unit, str]] = {
    "en": {
        Unit.PERCENT: "%",
        Unit.HOSTS: "hosts",
        Unit.RATIO: "",
        Unit.HOURS: "hours",
        Unit.DAYS: "days",
        Unit.MINUTES: "minutes",
        Unit.VMS: "servers",
        Unit.FINDINGS: "findings",
        Unit.NONE: "",
    },
    "da": {
        Unit.PERCENT: "%",
        Unit.HOSTS: "hosts",
        Unit.RATIO: "",
        Unit.HOURS: "timer",
        Unit.DAYS: "dage",
        Unit.MINUTES: "minutter",
        Unit.VMS: "servere",
        Unit.FINDINGS: "fund",
        Unit.NONE: "",
    },
}
_ONE: Mapping[Language, dict[Unit, str]] = {
    "en": {
        Unit.HOSTS: "host",
        Unit.HOURS: "hour",
        Unit.DAYS: "day",
        Unit.MINUTES: "minute",
        Unit.VMS: "server",
        Unit.FINDINGS: "finding",
    },
    "da": {Unit.HOSTS: "host", Unit.HOURS: "time", Unit.DAYS: "dag", Unit.MINUTES: "minut", Unit.VMS: "server"},
}
_OPERATORS: Mapping[Language, Mapping[Operator, str]] = {
    "en": {
        Operator.AT_LEAST: "at least",
        Operator.AT_MOST: "at most",
        Operator.MORE_THAN: "more than",
        Operator.LESS_THAN: "less than",
    },
    "da": {
        Operator.AT_LEAST: "mindst",
        Operator.AT_MOST: "højst",
        Operator.MORE_THAN: "over",
        Operator.LESS_THAN: "under",
    },
}


def figure(value: Fraction, decimals: int, language: Language = "en") -> str:
    """A number cut off after so many decimals, towards zero, without trailing zeros beyond what it needs: 99.876; 99,876."""
    scaled = abs(value) * 10**decimals
    digits = str(int(scaled)).rjust(decimals + 1, "0")
    whole, part = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    sign = "-" if value < 0 and int(scaled) else ""
    if value.denominator == 1:
        return sign + whole
    return sign + whole + (("," if language == "da" else ".") + part if part else "")


def with_unit(value: str, unit: Unit, language: Language = "en") -> str:
    """`99.876 %`, `3 hosts`, `1 host`, `4.1`."""
    names = UNITS[language] | (_ONE[language] if value == "1" else {})
    return f"{value} {names[unit]}".rstrip()


def bounds_words(bounds: Bounds, unit: Unit, decimals: int, language: Language = "en") -> str:
    """Both with a dash between them and the unit behind, or one figure where both are the same."""
    lower, upper = (figure(one, decimals, language) for one in bounds)
    return with_unit(lower if bounds.lower == bounds.upper else f"{lower}{_TO}{upper}", unit, language)


def target_words(result: ClaimResult, language: Language = "en") -> str:
    """`at least 99.9 %`."""
    target = result.claim.target
    shown = figure(target.value, result.decimals, language)
    shown = shown.rstrip("0") if target.value.denominator != 1 else shown
    shown = with_unit(shown, target.unit, language)
    return f"{_OPERATORS[language][target.op]} {shown}"


def duration_words(seconds: int, language: Language = "en") -> str:
    """`1 d 2 h 3 min 4 s`, without parts that are nothing."""
    names = {"en": ("d", "h", "min", "s"), "da": ("d", "t", "min", "s")}[language]
    parts = []
    for name, size in zip(names, (86_400, 3600, 60, 1), strict=True):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts) or f"0 {names[-1]}"
