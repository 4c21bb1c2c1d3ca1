"""Datastores: how full, how much promised, when full; and licences, which run out as well."""

from collections.abc import Sequence

from dashboards.boards.panels import GREEN, NONE, RED, YELLOW, Panel, Query, lines
from dashboards.boards.promql import EACH_DATASTORE, growth, recorded, selected
from dashboards.boards.tables import DATASTORE, VCENTER, VM, Column, listing


def panels() -> Sequence[Panel]:
    """Space, its growth, its use, and licences."""
    return (datastores(), free_over_time(), growing(), traffic(), latency(), licences())


def datastores() -> Panel:
    return listing(
        401,
        "How full are the datastores, and when will they be?",
        "Free share, share promised to machines, and days until full as the last two weeks went; empty: it does not grow.",
        Query(expr=recorded("vsphere:datastore_free:ratio")),
        Query(expr=recorded("vsphere:datastore_promised:ratio")),
        Query(
            expr=f"{recorded('vsphere:datastore_free:ratio')}"
            f" / -(deriv({recorded('vsphere:datastore_free:ratio')}[14d]) < 0)"
        ),
        columns=(
            DATASTORE,
            Column(
                field="Value #A",
                heading="Free",
                unit="percentunit",
                steps=((RED, None), (YELLOW, 0.05), (GREEN, 0.15)),
            ),
            Column(field="Value #B", heading="Promised", unit="percentunit", steps=((GREEN, None), (YELLOW, 1))),
            Column(field="Value #C", heading="Full in", unit="s"),
            VCENTER,
        ),
        sort_by="Free",
        descending=False,
        empty=NONE,
    )


def free_over_time() -> Panel:
    return lines(
        402,
        "How did free space go?",
        "Free share of each datastore. A saw tooth is backup; a slope is growth; a step is somebody.",
        Query(expr=recorded("vsphere:datastore_free:ratio"), legend="{{datastore_name}}"),
        unit="percentunit",
    )


def growing() -> Panel:
    per = "max by (vcenter, vm_id, vm_name)"
    return listing(
        403,
        "Which machines grew most?",
        "Space that machines took within the time range, the fifteen that grew most.",
        Query(
            expr=f"topk(15, {per} (delta({selected('vsphere_vm_storage_committed_bytes')}[$__range])) > 0)",
        ),
        columns=(VM, Column(field="Value", heading="Grew by", unit="bytes"), VCENTER),
        sort_by="Grew by",
        empty=NONE,
    )


def traffic() -> Panel:
    return lines(
        404,
        "How busy are the datastores?",
        "Bytes that all hosts read and write each second.",
        Query(
            expr=f"{EACH_DATASTORE} ({growth('vsphere_datastore_read_bytes_total')}"
            f" + {growth('vsphere_datastore_written_bytes_total')})",
            legend="{{datastore_name}}",
        ),
        unit="Bps",
        empty=NONE,
    )


def latency() -> Panel:
    return lines(
        405,
        "Are they slow?",
        "Time that a read and a write took, as vCenter counts it every five minutes.",
        Query(
            expr=f"{EACH_DATASTORE} ({selected('vsphere_datastore_read_latency_seconds')})",
            legend="{{datastore_name}}, read",
        ),
        Query(
            expr=f"{EACH_DATASTORE} ({selected('vsphere_datastore_write_latency_seconds')})",
            legend="{{datastore_name}}, write",
        ),
        unit="s",
        limit=0.02,
        empty=NONE,
    )


def licences() -> Panel:
    per = "max by (vcenter, licence_id, licence_name)"
    return listing(
        406,
        "Do the licences suffice?",
        "Units in use, units licensed (0: without limit) and time left. Empty where the account may not see licences.",
        Query(expr=f"{per} ({selected('vsphere_licence_used')})"),
        Query(expr=f"{per} ({selected('vsphere_licence_capacity')})"),
        Query(expr=f"{per} ({selected('vsphere_licence_expiry_timestamp_seconds')}) - time()"),
        columns=(
            Column(field="licence_name", heading="Licence"),
            Column(field="Value #A", heading="In use"),
            Column(field="Value #B", heading="Licensed"),
            Column(field="Value #C", heading="Expires in", unit="s"),
            VCENTER,
        ),
        sort_by="Licence",
        descending=False,
        empty=NONE,
    )
