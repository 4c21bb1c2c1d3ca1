"""The sentences that explain a result, in Danish and in English: what was promised, what was measured, and what decides."""

from datetime import datetime
from fractions import Fraction

from agent.model.contract import Aggregation, Clock
from agent.model.contract_claims import Measure
from agent.model.verdict import ClaimResult, MeasuredObject, Reason, Tally, Verdict
from agent.model.verdict_words import (
    REASONS,
    VERDICTS,
    Language,
    bounds_words,
    duration_words,
    figure,
    target_words,
    with_unit,
)

_OF = {
    "en": {
        Aggregation.PER_VM: "of the worst of {count} servers, {name},",
        Aggregation.POOLED: "of {count} servers together",
        Aggregation.ANY_DOWN: "while none of {count} servers was down",
        Aggregation.ALL_DOWN: "while not all of {count} servers were down",
    },
    "da": {
        Aggregation.PER_VM: "for den dårligste af {count} servere, {name},",
        Aggregation.POOLED: "for {count} servere tilsammen",
        Aggregation.ANY_DOWN: "hvor ingen af {count} servere var nede",
        Aggregation.ALL_DOWN: "hvor ikke alle {count} servere var nede",
    },
}
_OF_ONE = {"en": "of", "da": "for"}
_SENTENCES = {
    "en": {
        "availability": "Availability {of} was {bounds}; promised is {target}.",
        "tally": "Of {agreed} agreed time {down} was down and of {unknown} nothing could tell.",
        "tally_known": "Of {agreed} agreed time {down} was down; all of it is known.",
        "notified": "Outages count from when the vendor was told.",
        Verdict.MET: "Even if all unknown time was down, the target is met.",
        Verdict.BREACHED: "Even if all unknown time was up, the target is missed.",
        Verdict.UNDECIDED: "The target lies between both: the {unknown} that nothing could tell decide.",
        "worst": "The worst value was {value}{where}; promised is {target}.",
        "range": "The value lies at {value}{where}; promised is {target}.",
        "looks": "The target was missed in {failed} of {looks} looks{unknown}.",
        "looks_unknown": ", {count} more could not be made",
        "share": "It must hold in {share} % of them.",
        "running": "The month is judged until {until}.",
        "reported": "The vendor reports {reported}",
        "false": ", which would meet the target: what was measured proves that it was missed.",
        "same": ", as measured.",
        "more": ", {difference} better for the vendor than measured at best.",
        "less": ", {difference} worse for the vendor than measured at worst.",
        "between": ", which lies between what is possible at worst and at best.",
        "nothing": ".",
        "certain": "The figures alone would say {verdict}, but the contract gives no verdict on so little known time.",
    },
    "da": {
        "availability": "Tilgængeligheden {of} var {bounds}; lovet er {target}.",
        "tally": "Af {agreed} aftalt tid var {down} nede, og {unknown} er ukendt.",
        "tally_known": "Af {agreed} aftalt tid var {down} nede; resten er kendt som oppetid.",
        "notified": "Nedbrud tæller, fra leverandøren fik besked.",
        Verdict.MET: "Selv hvis al ukendt tid var nedetid, er målet overholdt.",
        Verdict.BREACHED: "Selv hvis al ukendt tid var oppetid, er målet ikke overholdt.",
        Verdict.UNDECIDED: "Målet ligger imellem: de {unknown}, som intet kunne vise, er afgørende.",
        "worst": "Den dårligste værdi var {value}{where}; lovet er {target}.",
        "range": "Værdien ligger på {value}{where}; lovet er {target}.",
        "looks": "Målet var ikke overholdt i {failed} af {looks} aflæsninger{unknown}.",
        "looks_unknown": ", og {count} kunne ikke foretages",
        "share": "Det skal holde i {share} % af dem.",
        "running": "Måneden er opgjort til {until}.",
        "reported": "Leverandøren oplyser {reported}",
        "false": ", hvilket ville overholde målet: målingen beviser, at det ikke er overholdt.",
        "same": ", som målt.",
        "more": ", {difference} bedre for leverandøren end det bedste, der er målt.",
        "less": ", {difference} dårligere for leverandøren end det dårligste, der er målt.",
        "between": ", hvilket ligger mellem det værst og det bedst mulige.",
        "nothing": ".",
        "certain": "Tallene alene ville give {verdict}, men kontrakten giver ingen afgørelse, når så lidt af tiden er kendt.",
    },
}


def sentence(result: ClaimResult, language: Language = "en") -> str:
    """Two to five short sentences; the first word is the verdict."""
    words = _SENTENCES[language]
    parts = [VERDICTS[language][result.verdict].capitalize() + "."]
    parts += (
        _availability(result, language) if result.claim.measure == Measure.AVAILABILITY else _looked(result, language)
    )
    if result.verdict is Verdict.NO_VERDICT and result.reason is not None:
        coverage = figure(100 * (result.coverage or Fraction(0)), 2, language)
        least = figure(result.least_coverage, 2, language)
        parts.append(_capital(REASONS[language][result.reason].format(coverage=coverage, least=least)) + ".")
        clear = _clear(result)
        if clear is not None:
            parts.append(words["certain"].format(verdict=VERDICTS[language][clear]))
    if not result.complete:
        parts.append(words["running"].format(until=_moment(result.judged_until)))
    if result.reported is not None:
        parts.append(_reported(result, language))
    return " ".join(parts)


def in_short(result: ClaimResult) -> str:
    """What decides, in a few English words, where there is no room for sentences."""
    if result.verdict is Verdict.NO_VERDICT:
        if result.reason is Reason.LOW_COVERAGE:
            known = figure(100 * (result.coverage or Fraction(0)), 2)
            return f"{known} % known, {figure(result.least_coverage, 2)} % needed"
        return REASONS["en"][result.reason] if result.reason is not None else ""
    parts = []
    if result.tally is not None and result.budget_s is not None:
        of_worst = f"{result.objects[0].name}: " if result.aggregation is Aggregation.PER_VM and result.objects else ""
        down, allowed = duration_words(result.tally.down_s), duration_words(int(result.budget_s))
        parts.append(f"{of_worst}{down} down, {allowed} allowed")
    elif result.objects:
        parts.append(_where(result.objects[0]).strip(" ()"))
        if result.looks:
            parts.append(f"missed in {result.looks_failed:,} of {result.looks:,} looks")
    if result.reason is Reason.MONTH_RUNS:
        parts.append("the rest of the month can make up for it")
    elif result.verdict is Verdict.UNDECIDED and result.tally is not None:
        parts.append(f"{duration_words(result.tally.unknown_s)} unknown decide")
    return "; ".join(part for part in parts if part)


def _availability(result: ClaimResult, language: Language) -> list[str]:
    words, tally = _SENTENCES[language], result.tally
    if result.bounds is None or result.aggregation is None or tally is None or not result.objects:
        return []
    name = result.objects[0].name
    of = _OF[language][result.aggregation].format(count=len(result.objects), name=name)
    if len(result.objects) == 1:
        of = f"{_OF_ONE[language]} {name}"
    shown = bounds_words(result.bounds, result.claim.target.unit, result.decimals, language)
    parts = [words["availability"].format(of=of, bounds=shown, target=target_words(result, language))]
    parts.append(_tally(tally, language))
    if result.clock is Clock.NOTIFIED:
        parts.append(words["notified"])
    if result.reason is Reason.MONTH_RUNS:
        parts.append(_capital(REASONS[language][Reason.MONTH_RUNS]) + ".")
    elif tally.unknown_s and result.verdict is not Verdict.NO_VERDICT:
        parts.append(words[result.verdict].format(unknown=duration_words(tally.unknown_s, language)))
    return parts


def _tally(tally: Tally, language: Language) -> str:
    return _SENTENCES[language]["tally" if tally.unknown_s else "tally_known"].format(
        agreed=duration_words(tally.agreed_s, language),
        down=duration_words(tally.down_s, language),
        unknown=duration_words(tally.unknown_s, language),
    )


def _looked(result: ClaimResult, language: Language) -> list[str]:
    words = _SENTENCES[language]
    if result.bounds is None:
        return []
    shown = bounds_words(result.bounds, result.claim.target.unit, result.decimals, language)
    template = words["worst"] if result.bounds.lower == result.bounds.upper else words["range"]
    where = _where(result.objects[0]) if result.objects else ""
    parts = [template.format(value=shown, where=where, target=target_words(result, language))]
    if result.looks:
        unknown = words["looks_unknown"].format(count=result.looks_unknown) if result.looks_unknown else ""
        parts.append(words["looks"].format(failed=result.looks_failed, looks=result.looks, unknown=unknown))
        if result.claim.must_hold_percent != 100:
            parts.append(words["share"].format(share=figure(result.claim.must_hold_percent, 2, language)))
    if result.reason is Reason.MONTH_RUNS:
        parts.append(_capital(REASONS[language][Reason.MONTH_RUNS]) + ".")
    return parts


def _where(measured: MeasuredObject) -> str:
    named = [] if measured.name == "*" else [measured.name]
    if measured.worst_at is not None:
        named.append(_moment(measured.worst_at))
    if measured.detail:
        named.append(measured.detail)
    return f" ({', '.join(named)})" if named else ""


def _reported(result: ClaimResult, language: Language) -> str:
    words, target, difference = _SENTENCES[language], result.claim.target, result.difference
    assert result.reported is not None  # noqa: S101 - asked for only then
    shown = with_unit(figure(result.reported, result.decimals, language), target.unit, language)
    text = words["reported"].format(reported=shown)
    if result.false_claim:
        return text + words["false"]
    if difference is None or result.bounds is None:
        return text + words["nothing"]
    if difference.lower == difference.upper == 0:
        return text + words["same"]
    better, worse = result.reported > result.bounds.upper, result.reported < result.bounds.lower
    if not (better or worse):
        return text + words["between"]
    gap = with_unit(
        figure(difference.lower if better else -difference.upper, result.decimals, language), target.unit, language
    )
    return text + words["more" if better is target.wants_much else "less"].format(difference=gap)


def _clear(result: ClaimResult) -> Verdict | None:
    """What the figures would say where the contract gives no verdict for want of known time."""
    if result.reason is not Reason.LOW_COVERAGE or result.bounds is None or not result.complete:
        return None
    held = {result.claim.target.holds(one) for one in result.bounds}
    return {frozenset({True}): Verdict.MET, frozenset({False}): Verdict.BREACHED}.get(frozenset(held))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
