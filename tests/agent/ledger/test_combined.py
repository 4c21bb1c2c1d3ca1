"""Several ledgers of one object as one: what any of them knows, who is believed, and what stays a contradiction."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from agent.ledger.combined import SaidBy, combined
from agent.ledger.knowledge import Rules
from agent.model.availability import Cause, Evidence, EvidenceKind, Interval, Ledger, Moment, State
from agent.model.evidence import Span

BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
END = 10_000
UP, DOWN, SILENT, UNKNOWN = State.UP, State.DOWN, State.GUEST_SILENT, State.UNKNOWN


def at(seconds):
    return BEGIN + timedelta(seconds=seconds)


def said(label, *line, read=((0, END),), moments=()):
    """Seconds and states in turn; `line` begins with the state at 0."""
    states, cuts = line[::2], (0, *line[1::2], END)
    intervals = tuple(
        Interval(
            start=at(start),
            end=at(end),
            state=state,
            cause=Cause.POWER_OFF if state is DOWN else Cause.AGENT_OFF if state is UNKNOWN else None,
            evidence=(Evidence(kind=EvidenceKind.EVENT, name=f"{label}-{start}", at=at(start), learned_at=at(start)),),
            learned_at=at(end),
        )
        for state, (start, end) in zip(states, pairwise(cuts), strict=True)
    )
    ledger = Ledger(object_id="vm", start=at(0), end=at(END), intervals=intervals, moments=moments)
    return SaidBy(label=label, ledger=ledger, read=[Span(start=at(start), end=at(end)) for start, end in read])


def line(ledger):
    edges = [ledger.start, *(one.end for one in ledger.intervals)]
    assert [one.start for one in ledger.intervals] == edges[:-1]
    assert edges[-1] == ledger.end
    return [(round((one.start - BEGIN).total_seconds()), one.state) for one in ledger.intervals]


def together(*accounts):
    return combined(accounts, Rules())


def test_each_fills_what_the_other_does_not_know_and_is_named():
    found = together(said("a", UP, 1000, UNKNOWN, 5000, UP), said("b", UNKNOWN, 900, UP, 2000, DOWN, 3000, UP))
    assert line(found) == [(0, UP), (2000, DOWN), (3000, UP)]
    down = found.intervals[1]
    assert (down.cause, {piece.ledger for piece in down.evidence}) == (Cause.POWER_OFF, {"b"})


def test_different_states_for_longer_than_any_margin_are_a_contradiction_with_both_evidences():
    found = together(said("a", UP, 1000, DOWN, 2000, UP), said("b", UP))
    assert line(found) == [(0, UP), (1000, UNKNOWN), (2000, UP)]
    (clash,) = found.contradictions
    assert (clash.start, clash.end, clash.before, clash.after) == (at(1000), at(2000), "down", "up")
    assert clash.ledgers == ("a", "b")
    assert [(piece.ledger, piece.name) for piece in clash.evidence] == [("a", "a-1000"), ("b", "b-0")]
    assert found.intervals[1].cause is Cause.CONTRADICTION


def test_the_first_to_see_a_change_is_right_where_both_see_it_within_the_margin():
    found = together(said("a", UP, 1000, DOWN, 2000, UP), said("b", UP, 1009, DOWN, 2004, UP))
    assert line(found) == [(0, UP), (1000, DOWN), (2000, UP)]
    assert found.contradictions == ()


def test_a_short_change_that_one_of_them_missed_counts():
    found = together(said("a", UP, 1000, DOWN, 1012, UP), said("b", UP))
    assert line(found) == [(0, UP), (1000, DOWN), (1012, UP)]


def test_who_had_read_the_events_knows_an_edge_better_than_who_saw_a_boot_time():
    found = together(
        said("a", UP, 1000, DOWN, 2000, UP),
        said("b", UP, 900, UNKNOWN, 1910, UP, read=((0, 900), (5000, END))),
    )
    assert line(found) == [(0, UP), (1000, DOWN), (2000, UP)]
    assert found.contradictions == ()


def test_who_found_a_guest_silent_had_looked():
    found = together(said("a", UP), said("b", UP, 1000, SILENT, 2000, UP))
    assert line(found) == [(0, UP), (1000, SILENT), (2000, UP)]
    assert found.contradictions == ()


def test_what_none_of_them_knows_is_told_by_the_cause_that_says_most():
    account = said("b", UP, 1000, UNKNOWN, 2000, UP)
    told = Interval(start=at(1000), end=at(2000), state=UNKNOWN, cause=Cause.HOST_FAILURE)
    ledger = account.ledger
    intervals = (ledger.intervals[0], told, ledger.intervals[2])
    telling = SaidBy(
        label="b",
        ledger=Ledger(object_id="vm", start=ledger.start, end=ledger.end, intervals=intervals),
        read=account.read,
    )
    found = together(said("a", UP, 1000, UNKNOWN, 2000, UP), telling)
    assert [one.cause for one in found.intervals] == [None, Cause.HOST_FAILURE, None]


def test_a_moment_that_both_tell_of_is_there_once():
    moment = Moment(at=at(500), cause=Cause.MIGRATION, who="anna")
    found = together(said("a", UP, moments=(moment,)), said("b", UP, moments=(moment,)))
    assert [(one.at, one.who) for one in found.moments] == [(at(500), "anna")]


SECONDS = st.integers(1, END // 200 - 1).map(lambda one: one * 200)
"""Farther apart than any margin."""
TRUE_LINES = st.lists(SECONDS, max_size=8, unique=True).map(sorted)
BLIND = st.lists(SECONDS, max_size=6, unique=True).map(sorted)


def true_state(changes, second):
    return DOWN if sum(one <= second for one in changes) % 2 else UP


def seen(label, changes, blind):
    """The truth as one tells it who was blind between each two of `blind`."""
    cuts = sorted({0, *changes, *blind})
    states = [UNKNOWN if sum(one <= cut for one in blind) % 2 else true_state(changes, cut) for cut in cuts]
    steps = [states[0]]
    for cut, state in zip(cuts[1:], states[1:], strict=True):
        if state is not steps[-1]:
            steps += [cut, state]
    return said(label, *steps)


def state_at(ledger, second):
    return next(one.state for one in ledger.intervals if one.start <= at(second) < one.end)


@settings(phases=(Phase.explicit, Phase.generate))
@given(TRUE_LINES, BLIND, BLIND, BLIND)
def test_all_that_any_of_them_knows_is_known_and_nothing_more(changes, blind_a, blind_b, blind_c):
    accounts = [seen(label, changes, one) for label, one in zip("abc", (blind_a, blind_b, blind_c), strict=True)]
    found = together(*accounts)
    line(found)
    for second in range(0, END, 200):
        known = {state_at(one.ledger, second) for one in accounts} - {UNKNOWN}
        assert {state_at(found, second)} == (known or {UNKNOWN})
    assert found.contradictions == ()


@settings(phases=(Phase.explicit, Phase.generate))
@given(TRUE_LINES, TRUE_LINES, BLIND, BLIND)
def test_whatever_they_say_the_order_does_not_matter_and_nothing_is_made_up(truth, other, blind_a, blind_b):
    accounts = [seen("a", truth, blind_a), seen("b", other, blind_b)]
    found, turned = together(*accounts), together(*reversed(accounts))
    assert [(one.start, one.state, one.cause) for one in found.intervals] == [
        (one.start, one.state, one.cause) for one in turned.intervals
    ]
    for second in range(0, END, 200):
        known = {state_at(one.ledger, second) for one in accounts} - {UNKNOWN}
        assert state_at(found, second) in (known if len(known) == 1 else {UNKNOWN})
        if len(known) > 1:
            assert any(one.start <= at(second) < one.end for one in found.contradictions)


@settings(phases=(Phase.explicit, Phase.generate))
@given(TRUE_LINES, BLIND)
def test_the_same_said_twice_is_as_if_it_were_said_once(changes, blind):
    once, twice = together(seen("a", changes, blind)), together(seen("a", changes, blind), seen("a", changes, blind))
    assert twice == once
