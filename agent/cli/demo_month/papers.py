"""The contract of the demonstration, and what the vendor sent for its month: figures, incidents and a bill."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

from agent.claims.server_sizes import size_of
from agent.cli.demo_month.cast import ZONE, Cast, Month
from agent.cli.demo_month.story import host_failure
from agent.model.inventory import Inventory
from agent.model.placement import datacenter_of
from agent.model.virtual_machine import VirtualMachine

_PRICES = (Fraction(95), Fraction(22), Fraction(11, 10))
"""DKK a month for a vCPU, a GiB of memory, a GiB of disk."""

_CONTRACT = """\
# The demonstration's contract. Everything in it is made up; docs/contract.md explains each key.
apiVersion: checkmeter/v1
kind: VendorContract
metadata:
  name: driftsaftale
  displayName: Driftsaftale, servere
  revision: 1
spec:
  parties: {{customer: Eksempel Kommune, vendor: Drift A/S}}
  validFrom: {year}-01-01
  timeZone: Europe/Copenhagen
  source: {{document: Bilag 7 Servicemål.pdf}}
  currency: DKK
  fees: {{sql: 48000, internal: 96000}}
  calendars:
    always: {{always: true}}
    business:
      weekly: [{{days: [mon, tue, wed, thu, fri], from: "07:00", to: "17:00"}}]
      except: {{holidays: DK}}
  plannedWindows:
    - id: patch-sunday
      start: {year}-01-11T02:00
      rrule: FREQ=MONTHLY;BYDAY=2SU
      duration: 4h
      appliesTo: {{serviceGroups: [sql, ad, internal, test]}}
      clause: "7.4.1"
  measurement:
    downWhen:
      - {{state: poweredOff, unless: customerOrdered}}
      - {{state: guestHeartbeatRed, for: 5m}}
    customerUsers: ['^KOMMUNE\\\\it-afdeling$']
    minCoveragePercent: 99
  exclusions: [customer-ordered, planned]
  serviceGroups:
    - {{id: sql, displayName: Databaser, select: {{folders: ["/{datacenter}/vm/SQL/**"]}}, calendar: always, aggregation: per-vm}}
    - {{id: ad, displayName: AD og login, select: {{folders: ["/{datacenter}/vm/AD/**"]}}, calendar: always, aggregation: per-vm}}
    - {{id: test, displayName: Test, select: {{folders: ["/{datacenter}/vm/Test/**"]}}, calendar: business, aggregation: pooled}}
    - {{id: internal, displayName: Øvrige servere, select: {{folders: ["/{datacenter}/vm/**"]}}, calendar: always, aggregation: pooled}}
  claims:
    - id: avail-sql
      clause: "7.5.1"
      says: Tilgængelighed på 99,9 % pr. databaseserver pr. måned
      measure: availability
      scope: {{serviceGroup: sql}}
      target: {{op: gte, value: 99.9, unit: percent}}
      credits:
        bands: [{{below: 99.9, percent: 5}}, {{below: 99.5, percent: 10}}]
        base: sql
        capPercentMonth: 30
        mustBeClaimedWithinDays: 30
    - id: avail-ad
      clause: "7.5.2"
      says: Tilgængelighed på 99,97 % pr. server for AD og login
      measure: availability
      scope: {{serviceGroup: ad}}
      target: {{op: gte, value: 99.97, unit: percent}}
    - id: avail-internal
      clause: "7.5.3"
      says: Tilgængelighed på 99,5 % for øvrige servere under ét
      measure: availability
      scope: {{serviceGroup: internal}}
      target: {{op: gte, value: 99.5, unit: percent}}
    - id: avail-test
      clause: "7.5.4"
      says: Tilgængelighed på 95 % for testservere på hverdage
      measure: availability
      scope: {{serviceGroup: test}}
      target: {{op: gte, value: 95, unit: percent}}
    - id: n-plus-1
      clause: "7.6.1"
      says: Klyngen tåler tab af en host
      measure: host-failures-tolerated
      scope: {{cluster: {cluster}}}
      target: {{op: gte, value: 1, unit: hosts}}
      mustHoldPercent: 99
    - id: cpu-ready
      clause: "7.6.3"
      says: Servere venter højst 5 % på CPU
      measure: cpu-ready-p95
      scope: {{serviceGroup: sql}}
      target: {{op: lte, value: 5, unit: percent}}
    - id: snapshots
      clause: "7.8.2"
      says: Ingen snapshots ældre end 3 døgn
      measure: snapshot-max-age
      target: {{op: lte, value: 72, unit: hours}}
    - id: incident-p1
      clause: "7.7.1"
      says: Reaktion inden 30 minutter på kritiske hændelser
      measure: incident-response
      scope: {{priority: 1}}
      source: {{csv: vendor/incidents-*.csv}}
      target: {{op: lte, value: 30, unit: minutes}}
      evidence: vendor-only
  billing:
    tolerance: {{cpu: 0, memoryGiB: 0, diskGiB: 1}}
    diskBasis: provisioned
    days: month-end
    file: vendor/billed-{{month}}.csv
"""
_REPORT = """\
# What the vendor's report of the month says, typed in.
apiVersion: checkmeter/v1
kind: VendorReport
spec:
  month: {month}
  document: {{document: Driftsrapport {month}.pdf, receivedAt: {received}}}
  figures: {{avail-sql: 99.98, avail-ad: 100, avail-internal: 99.99, avail-test: 100, n-plus-1: 1, cpu-ready: 2, snapshots: 20, incident-p1: 22}}
"""
_EXCLUSIONS = """\
# Time that both parties agree not to count.
apiVersion: checkmeter/v1
kind: Exclusions
spec:
  exclusions:
    - id: switched-off
      reason: customer-ordered
      from: {start}
      to: {end}
      servers: [{servers}]
      reference: Sag {year}-0412, slukket efter aftale
"""


def write_papers(folder: Path, past: Inventory, parts: Cast, month: Month) -> None:
    """Write the contract folder; it must not be there yet."""
    (folder / "vendor").mkdir(parents=True)
    year = month.start.astimezone(ZONE).year
    host = parts.failed_host
    cluster = past.clusters.get((host.parent if host else None) or "") or next(iter(past.clusters.values()), None)
    off = [vm for vm in _servers(past) if vm.power_state != "poweredOn"]
    texts = {
        "contract.yaml": _CONTRACT.format(
            year=year - 1,
            datacenter=next((name for vm in past.vms.values() if (name := datacenter_of(past, vm.parent))), "DC"),
            cluster=cluster.name if cluster else "PROD",
        ),
        f"vendor/report-{month.name}.yaml": _REPORT.format(
            month=month.name, received=_local(month.end + timedelta(days=5, hours=9))
        ),
        "exclusions.yaml": _EXCLUSIONS.format(
            start=_local(month.start - timedelta(days=60)),
            end=_local(month.until),
            servers=", ".join(sorted({str(vm.name) for vm in [*off, *([parts.removed] if parts.removed else [])]})),
            year=year,
        ),
        f"vendor/incidents-{month.name}.csv": "\n".join(_incidents(month)) + "\n",
        f"vendor/billed-{month.name}.csv": "\n".join(_bill(past, parts)) + "\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def _servers(past: Inventory) -> list[VirtualMachine]:
    return [vm for vm in past.vms.values() if not vm.template and vm.name]


def _incidents(month: Month) -> Iterator[str]:
    """The host's failure, begun later and with fewer servers than it had; and a network's, which vCenter cannot see."""
    failed, network = host_failure(month), month.at(22, 9, 15)
    yield "id,from,to,vms,priority,reported_at,responded_at,cause"
    begun, ended = failed + timedelta(minutes=2), failed + timedelta(minutes=4)
    told = [_local(one) for one in (begun, ended, failed + timedelta(minutes=5), failed + timedelta(minutes=19))]
    yield f"INC-4711,{told[0]},{told[1]},5,1,{told[2]},{told[3]},Hostfejl"
    told = [_local(network + timedelta(minutes=late)) for late in (0, 25, 3, 25)]
    yield f"INC-4726,{told[0]},{told[1]},0,1,{told[2]},{told[3]},Netværk på rådhuset"


def _bill(past: Inventory, parts: Cast) -> Iterator[str]:
    """Right but for a server billed as large as it was, one that is gone, one forgotten, and of two of one name one."""
    yield "vm,vcpu,memory_gib,disk_gib,price"
    billed = [vm for vm in _servers(past) if parts.unbilled is None or vm.moid != parts.unbilled.moid]
    if parts.removed is not None:
        billed.append(parts.removed)
    for vm in sorted({str(one.name): one for one in reversed(billed)}.values(), key=lambda one: str(one.name)):
        cpus = parts.old_cpus if parts.resized is not None and vm.moid == parts.resized.moid else vm.cpus
        size = size_of(vm, "provisioned")
        sizes = (Fraction(cpus or 0), size.memory_gib or Fraction(0), size.disk_gib or Fraction(0))
        price = sum((count * each for count, each in zip(sizes, _PRICES, strict=True)), Fraction(0))
        yield f"{vm.name},{cpus},{_number(sizes[1])},{_number(sizes[2])},{_number(price)}"


def _number(value: Fraction) -> str:
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def _local(at: datetime) -> str:
    return at.astimezone(ZONE).isoformat(timespec="minutes" if not at.second else "seconds")
