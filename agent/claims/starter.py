"""A contract to begin with, made from what vCenter has: it can be read as it is, and says what to change."""

from collections import Counter
from datetime import date

from agent.claims.matching import Seen

_MOST_GROUPS = 12


def starter(seen: Seen, today: date, time_zone: str) -> str:
    """The text of a contract file: a service group for each folder that holds servers, the usual claims."""
    first = today.replace(day=1)
    counts = Counter(identity.folder or "" for identity, _ in seen.servers)
    folders = [folder for folder, _ in counts.most_common(_MOST_GROUPS) if folder]
    groups: dict[str, str] = {}
    for folder in sorted(folders):
        groups.setdefault(_id(folder, groups), folder)
    lines = [_HEAD.format(first=first, zone=time_zone)]
    lines += [_GROUP.format(id=name, folder=_quoted(folder), count=counts[folder]) for name, folder in groups.items()]
    if not groups:
        lines.append(_ALL.format(count=len(seen.servers)))
    left = len(seen.servers) - sum(counts[folder] for folder in groups.values())
    if groups and left:
        lines.append(
            f"    # {left} servers are in none of these groups; `checkmeter claims check --connect` names them\n"
        )
    lines.append(
        "\n  claims:\n    # One block for each promise: the clause, its words as they stand there, and the target.\n"
    )
    for name in groups or {"all": ""}:
        lines.append(_AVAILABILITY.format(id=name))
    for number, cluster in enumerate(sorted(seen.clusters), 1):
        lines.append(_CLUSTER.format(number=number, name=_quoted(cluster)))
    lines.append(_REST)
    backup = next((one for one in sorted(seen.attributes) if "backup" in one.casefold()), None)
    lines.append(_BACKUP.format(mark="" if backup else "# ", name=_quoted(backup or "Last Backup")))
    lines.append(_TAIL)
    return "".join(lines)


def _id(folder: str, taken: dict[str, str]) -> str:
    steps = [step for step in folder.split("/") if step]
    plain = "".join(one if one.isascii() and one.isalnum() else "-" for one in steps[-1].casefold().translate(_DANISH))
    name = "-".join(part for part in plain.split("-") if part)[:40] or "group"
    number = 1
    while (unique := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return unique


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_HEAD = """\
# A contract to begin with, from what vCenter has. Every value here is a guess: put in what was agreed.
# `checkmeter claims check FOLDER` says what is wrong with it, `checkmeter claims schema` makes editors help.
apiVersion: checkmeter/v1
kind: VendorContract
metadata:
  name: contract
  displayName: Contract with the vendor
  revision: 1                     # a change is a new file with revision 2 and its own validFrom
spec:
  parties: {{customer: Our municipality, vendor: The vendor}}
  validFrom: {first}            # by local clocks
  timeZone: {zone}
  # source: {{document: Appendix 7, sha256: the sum of the signed file}}
  currency: DKK
  fees: {{monthly: 0}}              # what credits are a share of

  calendars:
    always: {{always: true}}
    business:
      weekly: [{{days: [mon, tue, wed, thu, fri], from: "07:00", to: "17:00"}}]
      except: {{holidays: DK, dates: [{first:%Y}-12-24, {first:%Y}-12-31]}}

  # plannedWindows:               # work that the contract itself allows
  #   - {{id: patch-sunday, start: {first}T02:00, rrule: FREQ=MONTHLY;BYDAY=2SU, duration: 4h, clause: "7.4.1"}}
  plannedRules: {{noticeHours: 120, requireListedObjects: true}}

  measurement:
    downWhen:
      - {{state: poweredOff, unless: customerOrdered}}
      - {{state: guestHeartbeatRed, for: 5m}}
    customerUsers: []             # regular expressions of your own users, as events name them
    clockStart: event             # or notified
    unknown: report-both          # or counts-as-up, counts-as-down
    minCoveragePercent: 99
  exclusions: [customer-ordered, customer-caused, force-majeure, planned]

  serviceGroups:                  # the first that selects a server has it
"""
_GROUP = """\
    - id: {id}
      select: {{folders: [{folder}]}}
      expectedCount: {count}
      calendar: always            # or business
      aggregation: per-vm         # or pooled, any-down, all-down
"""
_ALL = """\
    - id: all
      select: {{names: ["."]}}
      expectedCount: {count}
      calendar: always
"""
_AVAILABILITY = """\
    - id: avail-{id}
      clause: "?"
      says: The contract's own words
      measure: availability
      scope: {{serviceGroup: {id}}}
      target: {{op: gte, value: 99.9, unit: percent}}
      # credits:
      #   bands: [{{below: 99.9, percent: 2}}, {{below: 99.5, percent: 5}}]
      #   base: monthly
      #   mustBeClaimedWithinDays: 30
"""
_CLUSTER = """\
    - {{id: n-plus-1-{number}, clause: "?", measure: host-failures-tolerated, scope: {{cluster: {name}}}, target: {{op: gte, value: 1, unit: hosts}}}}
    - {{id: overcommit-{number}, clause: "?", measure: vcpu-per-core, scope: {{cluster: {name}}}, target: {{op: lte, value: 4, unit: ratio}}}}
"""
_REST = """\
    - {id: cpu-ready, clause: "?", measure: cpu-ready-p95, target: {op: lte, value: 5, unit: percent}}
    - {id: datastores, clause: "?", measure: datastore-free, target: {op: gte, value: 20, unit: percent}}
    - {id: snapshots, clause: "?", measure: snapshot-max-age, target: {op: lte, value: 72, unit: hours}}
    - {id: patches, clause: "?", measure: esxi-patch-lag, target: {op: lte, value: 30, unit: days}}
    - {id: tools, clause: "?", measure: tools-not-current, target: {op: lte, value: 5, unit: vms}}
"""
_BACKUP = """\
    {mark}- {{id: backup, clause: "?", measure: backup-age, source: {{customAttribute: {name}}}, target: {{op: lte, value: 26, unit: hours}}}}
"""
_TAIL = """\
    # - {id: response, clause: "?", measure: incident-response, source: {csv: vendor/incidents-*.csv}, target: {op: lte, value: 30, unit: minutes}}

  billing:
    file: vendor/billed-{month}.csv   # vm,vcpu,memory_gib,disk_gib[,price]
    diskBasis: provisioned            # or allocated, used
    days: month-end                   # or max, average-daily
"""
