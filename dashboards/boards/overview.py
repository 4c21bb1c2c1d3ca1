"""The estate at a glance: can the figures be trusted, are the servers up, does the platform hold?

Asked by whoever is on call, and by anyone who opens Grafana with a minute to spare.
"""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from dashboards.boards.frame import Row, dashboard_of
from dashboards.boards.panels import (
    GREEN,
    RED,
    SELECTED,
    SELECTED_RECORDED,
    YELLOW,
    Column,
    Panel,
    Query,
    lines,
    listing,
    number,
    strip,
)

REACHABLE = {"1": ("reachable", GREEN), "0": ("unreachable", RED)}
NOT_TEMPLATE = f'unless on (vcenter, vm_id) vsphere_vm_info{{{SELECTED}, template="true"}}'
# An object that two agents measure is counted once.
EACH_VM = "max by (vcenter, vm_id)"
EACH_HOST = "max by (vcenter, host_id)"
EACH_DATASTORE = "max by (vcenter, datastore_id, datastore_name)"
EACH_ALARM = "max by (vcenter, alarm_id, alarm_name, entity_id, entity_name)"
VCENTER = Column(field="vcenter", heading="vCenter")


def board() -> Dashboard:
    return dashboard_of(
        "checkmeter-overview",
        "Checkmeter / Estate overview",
        "Are we up, what just broke, and how old is what we see?",
        (
            Row(
                id=100,
                title="Can these figures be trusted?",
                panels=(data_age(), vcenter_reachable(), collectors_stale(), measured_time()),
            ),
            Row(
                id=200,
                title="Are the servers up?",
                panels=(
                    vms_on(),
                    vms_off(),
                    vms_down(),
                    guests_silent(),
                    down_list(),
                    vms_on_over_time(),
                ),
            ),
            Row(
                id=300,
                title="Does the platform hold?",
                panels=(
                    hosts_connected(),
                    hosts_not_connected(),
                    datastores_inaccessible(),
                    red_alarms(),
                    datastores_by_free_space(),
                    red_alarm_list(),
                ),
            ),
        ),
    )


def data_age() -> Panel:
    return number(
        101,
        "Data age",
        "How long ago did each vCenter last answer? Older than two minutes: what you see below may no longer be so.",
        Query(
            expr="time() - max by (vcenter) "
            f'(checkmeter_collector_last_success_timestamp_seconds{{{SELECTED}, collector="inventory"}})',
            legend="{{vcenter}}",
        ),
        unit="s",
        steps=((GREEN, None), (YELLOW, 120), (RED, 300)),
        span=4,
    )


def vcenter_reachable() -> Panel:
    return number(
        102,
        "vCenter",
        "Does each vCenter answer the meter? While it does not, nothing below is known.",
        Query(expr=f"max by (vcenter) (checkmeter_vcenter_up{{{SELECTED}}})", legend="{{vcenter}}"),
        words=REACHABLE,
        span=4,
    )


def collectors_stale() -> Panel:
    return number(
        103,
        "Stale collectors",
        "How many collectors have brought nothing new for three of their intervals? Some columns below are then old.",
        Query(
            expr=f"sum(time() - checkmeter_collector_last_success_timestamp_seconds{{{SELECTED}}}"
            f" > bool 3 * checkmeter_collector_interval_seconds{{{SELECTED}}})"
        ),
        steps=((GREEN, None), (RED, 1)),
        span=4,
    )


def measured_time() -> Panel:
    return strip(
        104,
        "When did the meter see vCenter?",
        "Green: vCenter answered. Red: it did not. A hole: the meter itself was away. Only green time is measured time.",
        Query(expr=f"max by (vcenter) (checkmeter_vcenter_up{{{SELECTED}}})", legend="{{vcenter}}"),
        words=REACHABLE,
    )


def vms_on() -> Panel:
    return number(
        201,
        "VMs on",
        "How many virtual machines are powered on, of those that vCenter has not lost sight of?",
        Query(
            expr=f'sum({EACH_VM} (vsphere_vm_power_state{{{SELECTED}, state="poweredOn"}})'
            f' * on (vcenter, vm_id) {EACH_VM} (vsphere_vm_connection_state{{{SELECTED}, state="connected"}})'
            f" {NOT_TEMPLATE})"
        ),
    )


def vms_off() -> Panel:
    return number(
        202,
        "VMs off",
        "How many virtual machines are off or suspended, on purpose or not? Templates are not counted.",
        Query(
            expr=f'sum({EACH_VM} (vsphere_vm_power_state{{{SELECTED}, state=~"poweredOff|suspended"}}) {NOT_TEMPLATE})'
        ),
    )


def vms_down() -> Panel:
    return number(
        203,
        "VMs down",
        "How many virtual machines were up within the last seven days and are not up now?",
        Query(expr=f"sum(vsphere:vm_not_up:bool{{{SELECTED_RECORDED}}})"),
        steps=((GREEN, None), (RED, 1)),
    )


def guests_silent() -> Panel:
    return number(
        204,
        "Guests silent",
        "In how many machines that are on has the guest system stopped beating (heartbeat red)?",
        Query(expr=f'sum({EACH_VM} (vsphere_vm_guest_heartbeat{{{SELECTED}, state="red"}}))'),
        steps=((GREEN, None), (RED, 1)),
    )


def down_list() -> Panel:
    return listing(
        205,
        "Which VMs are down, and since when?",
        "Machines that were up within the last seven days and are not up now, the latest first.",
        Query(
            expr=f"(time() - vsphere:vm_last_up:timestamp_seconds{{{SELECTED_RECORDED}}})"
            " * on (vcenter, vm_id) group_left (vm_name, host_name, cluster_name)"
            f" (vsphere:vm_not_up:bool{{{SELECTED_RECORDED}}} == 1)"
        ),
        columns=(
            Column(field="vm_name", heading="VM"),
            Column(field="Value", heading="Not up for", unit="s"),
            Column(field="host_name", heading="Host"),
            Column(field="cluster_name", heading="Cluster"),
            VCENTER,
        ),
        sort_by="Not up for",
        descending=False,
        empty_is_good=True,
    )


def vms_on_over_time() -> Panel:
    return lines(
        206,
        "Did anything fall over?",
        "Virtual machines that are on, for each vCenter. A step down is an outage or a decision; a hole is unmeasured.",
        Query(
            expr=f'sum by (vcenter) ({EACH_VM} (vsphere_vm_power_state{{{SELECTED}, state="poweredOn"}}))',
            legend="{{vcenter}}",
        ),
    )


def hosts_connected() -> Panel:
    return number(
        301,
        "Hosts connected",
        "How many hosts does vCenter hold a connection to?",
        Query(expr=f'sum({EACH_HOST} (vsphere_host_connection_state{{{SELECTED}, state="connected"}}))'),
    )


def hosts_not_connected() -> Panel:
    return number(
        302,
        "Hosts not connected",
        "How many hosts does vCenter not reach? The state of the machines on them is unknown.",
        Query(expr=f'sum({EACH_HOST} (vsphere_host_connection_state{{{SELECTED}, state!="connected"}}))'),
        steps=((GREEN, None), (RED, 1)),
    )


def datastores_inaccessible() -> Panel:
    return number(
        303,
        "Datastores inaccessible",
        "How many datastores can no host reach? Machines with disks there stand still.",
        Query(expr=f"sum({EACH_DATASTORE} (vsphere_datastore_accessible{{{SELECTED}}}) == bool 0)"),
        steps=((GREEN, None), (RED, 1)),
    )


def red_alarms() -> Panel:
    return number(
        304,
        "Red alarms",
        "How many of vCenter's own alarms stand at red?",
        # no alarm has no sample: that is 0 only while a vCenter answers
        Query(
            expr=f'sum({EACH_ALARM} (vsphere_alarm_status{{{SELECTED}, state="red"}}))'
            f" or 0 * sum(checkmeter_vcenter_up{{{SELECTED}}} == 1)"
        ),
        steps=((GREEN, None), (RED, 1)),
    )


def datastores_by_free_space() -> Panel:
    return listing(
        305,
        "Which datastores are nearly full?",
        "Free share, free space and capacity, the fullest first. Below 15 % is warned of, below 5 % is critical.",
        Query(
            expr=f"{EACH_DATASTORE} (vsphere_datastore_free_bytes{{{SELECTED}}} / vsphere_datastore_capacity_bytes{{{SELECTED}}})"
        ),
        Query(expr=f"{EACH_DATASTORE} (vsphere_datastore_free_bytes{{{SELECTED}}})"),
        Query(expr=f"{EACH_DATASTORE} (vsphere_datastore_capacity_bytes{{{SELECTED}}})"),
        columns=(
            Column(field="datastore_name", heading="Datastore"),
            Column(
                field="Value #A",
                heading="Free",
                unit="percentunit",
                steps=((RED, None), (YELLOW, 0.05), (GREEN, 0.15)),
            ),
            Column(field="Value #B", heading="Free space", unit="bytes"),
            Column(field="Value #C", heading="Capacity", unit="bytes"),
            VCENTER,
        ),
        sort_by="Free",
        descending=False,
    )


def red_alarm_list() -> Panel:
    return listing(
        306,
        "Which alarms stand at red?",
        "vCenter's own alarms at red, by what they stand on.",
        Query(
            expr=f"(time() - {EACH_ALARM} (vsphere_alarm_triggered_timestamp_seconds{{{SELECTED}}}))"
            f' and on (vcenter, alarm_id, entity_id) vsphere_alarm_status{{{SELECTED}, state="red"}} == 1'
        ),
        columns=(
            Column(field="alarm_name", heading="Alarm"),
            Column(field="entity_name", heading="On"),
            Column(field="Value", heading="For", unit="s"),
            VCENTER,
        ),
        sort_by="For",
        descending=False,
        empty_is_good=True,
    )
