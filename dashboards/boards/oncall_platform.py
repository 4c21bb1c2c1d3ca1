"""The lower half of the on-call board: the platform below the servers, and whether it makes them wait."""

from collections.abc import Sequence

from dashboards.boards.panels import BAD_FROM_ONE, GREEN, NONE, RED, YELLOW, Panel, Query, lines, number
from dashboards.boards.promql import (
    EACH_ALARM,
    EACH_DATASTORE,
    EACH_HOST,
    EACH_NAMED_VM,
    growth,
    recorded,
    selected,
    zero_while_a_vcenter_answers,
)
from dashboards.boards.tables import ALARM_FOR, DATASTORE, VCENTER, Column, listing

NOT_CONNECTED = 'state!="connected"'
FREE = ((RED, None), (YELLOW, 0.05), (GREEN, 0.15))


def holding() -> Sequence[Panel]:
    """Hosts, datastores, vCenter's own alarms."""
    return (
        hosts_not_connected(),
        hosts_in_maintenance(),
        datastores_inaccessible(),
        red_alarms(),
        datastores_by_free_space(),
        alarm_list(),
    )


def slow() -> Sequence[Panel]:
    """What the platform makes servers wait for."""
    return (ready(), disk_latency(), memory_taken(), packets_dropped())


def hosts_not_connected() -> Panel:
    return number(
        302,
        "Hosts not connected",
        "How many hosts does vCenter not reach? The state of the machines on them is unknown.",
        Query(expr=f"sum({EACH_HOST} ({selected('vsphere_host_connection_state', NOT_CONNECTED)}))"),
        steps=BAD_FROM_ONE,
    )


def hosts_in_maintenance() -> Panel:
    return number(
        307,
        "Hosts in maintenance",
        "How many hosts are in maintenance mode? The others carry their load, with less in reserve.",
        Query(expr=f"sum({EACH_HOST} ({selected('vsphere_host_maintenance_mode')}))"),
        steps=((GREEN, None), (YELLOW, 1)),
    )


def datastores_inaccessible() -> Panel:
    return number(
        303,
        "Datastores inaccessible",
        "How many datastores can no host reach? Machines with disks there stand still.",
        Query(expr=f"sum({EACH_DATASTORE} ({selected('vsphere_datastore_accessible')}) == bool 0)"),
        steps=BAD_FROM_ONE,
    )


def red_alarms() -> Panel:
    return number(
        304,
        "Red alarms",
        "How many of vCenter's own alarms stand at red?",
        Query(
            expr=zero_while_a_vcenter_answers(f"sum({EACH_ALARM} ({selected('vsphere_alarm_status', state='red')}))")
        ),
        steps=BAD_FROM_ONE,
    )


def datastores_by_free_space() -> Panel:
    free, capacity = selected("vsphere_datastore_free_bytes"), selected("vsphere_datastore_capacity_bytes")
    return listing(
        305,
        "Which datastores are nearly full?",
        "Free share, free space and capacity, the fullest first. Below 15 % is warned of, below 5 % is critical.",
        Query(expr=f"{EACH_DATASTORE} ({free} / {capacity})"),
        Query(expr=f"{EACH_DATASTORE} ({free})"),
        Query(expr=f"{EACH_DATASTORE} ({capacity})"),
        columns=(
            DATASTORE,
            Column(field="Value #A", heading="Free", unit="percentunit", steps=FREE),
            Column(field="Value #B", heading="Free space", unit="bytes"),
            Column(field="Value #C", heading="Capacity", unit="bytes"),
            VCENTER,
        ),
        sort_by="Free",
        descending=False,
    )


def alarm_list() -> Panel:
    return listing(
        306,
        "Which alarms stand at red?",
        "vCenter's own alarms at red, by what they stand on.",
        Query(
            expr=f"(time() - {EACH_ALARM} ({selected('vsphere_alarm_triggered_timestamp_seconds')}))"
            f" and on (vcenter, alarm_id, entity_id) {selected('vsphere_alarm_status', state='red')} == 1"
        ),
        columns=ALARM_FOR,
        sort_by="For",
        descending=False,
        empty=NONE,
    )


def ready() -> Panel:
    return lines(
        401,
        "Who waits for a processor?",
        "Share of its vCPUs' time that a VM was ready and had to wait, the ten worst. From 5 % on users notice.",
        Query(expr=f"topk(10, {recorded('vsphere:vm_cpu_ready_per_vcpu:ratio_rate5m')})", legend="{{vm_name}}"),
        unit="percentunit",
        limit=0.05,
    )


def disk_latency() -> Panel:
    return lines(
        402,
        "Who waits for a disk?",
        "Slowest virtual disk of a VM, the ten worst. From 20 ms on databases are slow, from 50 ms on everything is.",
        Query(expr=f"topk(10, {EACH_NAMED_VM} ({selected('vsphere_vm_disk_latency_seconds')}))", legend="{{vm_name}}"),
        unit="s",
        limit=0.05,
    )


def memory_taken() -> Panel:
    return lines(
        403,
        "Whose memory was taken back?",
        "Memory of the guest that its host swapped out or reclaimed by the balloon: the host is short of memory.",
        Query(
            expr=f"topk(5, {EACH_NAMED_VM} ({selected('vsphere_vm_memory_swapped_bytes')}) > 0)",
            legend="{{vm_name}}, swapped",
        ),
        Query(
            expr=f"topk(5, {EACH_NAMED_VM} ({selected('vsphere_vm_memory_ballooned_bytes')}) > 0)",
            legend="{{vm_name}}, ballooned",
        ),
        Query(
            expr=f"topk(5, {EACH_NAMED_VM} ({growth('vsphere_vm_memory_swap_in_bytes_total')}) > 0)",
            legend="{{vm_name}}, read back each second",
        ),
        unit="bytes",
        empty=NONE,
    )


def packets_dropped() -> Panel:
    return lines(
        404,
        "Does the network drop packets?",
        "Share of each host's packets that it dropped. More than one in a thousand is felt.",
        Query(expr=recorded("vsphere:host_network_dropped:ratio_rate5m"), legend="{{host_name}}"),
        unit="percentunit",
        limit=0.001,
    )
