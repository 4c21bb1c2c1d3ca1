"""`checkmeter ledger events`: what vCenter posted, as it was kept."""

import json
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import click

from agent.cli.ledger_file import (
    MOMENT,
    local_zone,
    moment,
    opened,
    vcenter_option,
    vms_option,
    zone_option,
)
from agent.cli.ledger_selection import chosen_vcenters, chosen_vms
from agent.cli.ledger_wording import both_clocks, utc
from agent.cli.options import log_options, storage_path
from agent.clock import SystemClock
from agent.ledger.event_search import Wanted, find_events
from agent.model.evidence import RecordedEvent


@click.command()
@storage_path
@vms_option()
@click.option("--host", metavar="NAME", help="Only events of this host, by name or managed object id.")
@click.option(
    "--kind",
    "kinds",
    metavar="ID",
    multiple=True,
    help="Only this type, such as VmPoweredOffEvent or 'Vm*'; may be repeated.",
)
@click.option("--user", metavar="NAME", help="Only what this user did.")
@click.option("--since", type=MOMENT, help="Not before this time: 2026-10-01, 2026-10-01T14:30, or 7d for so long ago.")
@click.option("--until", type=MOMENT, help="Before this time.")
@vcenter_option
@zone_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with every field; times in UTC.")
@log_options("warning")
def events(
    *,
    storage_path: Path,
    vms: tuple[str, ...],
    host: str | None,
    kinds: tuple[str, ...],
    user: str | None,
    since: datetime | timedelta | None,
    until: datetime | timedelta | None,
    vcenter: str | None,
    zone: tzinfo | None,
    as_json: bool,
) -> None:
    """Print vCenter's events from the ledger, oldest first."""
    now = SystemClock().now()
    zone = zone or local_zone(now)
    with opened(storage_path) as database, database.reading() as connection:
        among = chosen_vcenters(connection, vcenter)
        chosen = chosen_vms(connection, among, vms, "--vm") if vms else None
        for known in among:
            moids: tuple[str, ...] | None = None
            if chosen is not None:
                if known not in chosen:
                    continue
                register, vm_ids = chosen[known]
                moids = tuple(moid for vm_id in vm_ids for moid in register.moids(vm_id))
            wanted = Wanted(
                vms=moids,
                host=host,
                kinds=kinds,
                user=user,
                since=moment(since, now, zone),
                until=moment(until, now, zone),
            )
            for one in find_events(connection, known.seq, wanted):
                click.echo(_as_json(known.name, one) if as_json else _as_text(one, zone))


def _as_text(recorded: RecordedEvent, zone: tzinfo) -> str:
    event = recorded.event
    where = event.vm_name or event.host_name or event.datastore_name or event.vm or event.host or "-"
    message = " ".join((event.message or "").split())
    message = "(its text was purged)" if recorded.purged else message
    return f"{both_clocks(event.created, zone)}  {event.key}  {event.kind}  {where}  {event.user or '-'}  {message}".rstrip()


def _as_json(vcenter: str, recorded: RecordedEvent) -> str:
    event = recorded.event
    told = {
        "vcenter": vcenter,
        "key": event.key,
        "chain_id": event.chain_id,
        "kind": event.kind,
        "created": utc(event.created),
        "learned_at": utc(recorded.learned_at),
        "user": event.user,
        "message": event.message,
        "vm": event.vm,
        "vm_name": event.vm_name,
        "host": event.host,
        "host_name": event.host_name,
        "cluster": event.cluster,
        "datastore": event.datastore,
        "datastore_name": event.datastore_name,
        "datacenter": event.datacenter,
        "fields": dict(event.fields),
        "purged": recorded.purged,
    }
    return json.dumps(told, ensure_ascii=False)
