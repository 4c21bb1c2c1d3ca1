"""The book of account, as it stands: written, whole, and how far vCenter's events are read."""

from collections.abc import Sequence

from dashboards.boards.panels import GREEN, NONE, RED, YELLOW, Panel, Query, lines, number
from dashboards.boards.promql import EACH_VCENTER, selected
from dashboards.boards.tables import VCENTER, Column, listing

WHOLE = {"1": ("kept and whole", GREEN), "0": ("not kept, or altered", RED)}


def panels() -> Sequence[Panel]:
    """State, chain, lag, events, samples lost."""
    return (kept(), verified(), lag(), contradictions(), events(), samples())


def kept() -> Panel:
    return number(
        201,
        "The ledger",
        "Is all evidence written, and nothing altered that was written?",
        Query(expr=f"min by (vcenter) ({selected('checkmeter_ledger_up')})", legend="{{vcenter}}"),
        words=WHOLE,
    )


def verified() -> Panel:
    return number(
        202,
        "Chain verified",
        "How long ago was every row found as it was written? `checkmeter ledger verify` does it now.",
        Query(
            expr=f"time() - {EACH_VCENTER} ({selected('checkmeter_ledger_chain_verified_timestamp_seconds')})",
            legend="{{vcenter}}",
        ),
        unit="s",
        steps=((GREEN, None), (YELLOW, 172800)),
    )


def lag() -> Panel:
    return number(
        203,
        "Events unread",
        "How far is the reading of events behind vCenter's clock? Beyond vCenter's retention they are lost.",
        Query(expr=f"{EACH_VCENTER} ({selected('checkmeter_ledger_event_lag_seconds')})", legend="{{vcenter}}"),
        unit="s",
        steps=((GREEN, None), (YELLOW, 3600), (RED, 86400)),
    )


def contradictions() -> Panel:
    return number(
        204,
        "Contradictions",
        "How many pairs of proofs of this month cannot both be right?",
        Query(expr=f"{EACH_VCENTER} ({selected('checkmeter_ledger_contradictions')})", legend="{{vcenter}}"),
        steps=((GREEN, None), (YELLOW, 1)),
    )


def events() -> Panel:
    return lines(
        206,
        "What does vCenter report?",
        "Events written to the ledger, the ten most frequent kinds. After an outage of the agent they come all at once.",
        Query(
            expr=f"topk(10, sum by (kind) (increase({selected('checkmeter_ledger_events_total')}[$__rate_interval])) > 0)",
            legend="{{kind}}",
        ),
        Query(
            expr=f"sum(increase({selected('checkmeter_ledger_undecodable_events_total')}[$__rate_interval])) > 0",
            legend="not readable",
        ),
        events=True,
        span=8,
        empty=NONE,
    )


def samples() -> Panel:
    return listing(
        207,
        "Are the counters whole?",
        "Objects whose samples are counted, age of the newest sample, and seconds lost within the time range.",
        Query(expr=f"max by (vcenter, object) ({selected('checkmeter_performance_objects')})"),
        Query(
            expr="time() - max by (vcenter, object)"
            f" ({selected('checkmeter_performance_newest_sample_timestamp_seconds')})"
        ),
        Query(
            expr="max by (vcenter, object)"
            f" (increase({selected('checkmeter_performance_lost_seconds_total')}[$__range]))"
        ),
        columns=(
            Column(field="object", heading="Kind"),
            Column(field="Value #A", heading="Objects"),
            Column(field="Value #B", heading="Newest sample", unit="s"),
            Column(field="Value #C", heading="Lost", unit="s", steps=((GREEN, None), (YELLOW, 1))),
            VCENTER,
        ),
        sort_by="Kind",
        descending=False,
        span=8,
    )
