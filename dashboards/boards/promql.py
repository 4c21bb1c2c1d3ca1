"""What the expressions of all boards share: the selectors that heed the variables, and one series an object.

Recorded series are merged over agents: they have no job.
"""

SELECTED = 'job=~"$job", vcenter=~"$vcenter"'
SELECTED_RECORDED = 'vcenter=~"$vcenter"'

# An object that two agents measure is counted once.
EACH_VM = "max by (vcenter, vm_id)"
EACH_NAMED_VM = "max by (vcenter, vm_id, vm_name)"
EACH_HOST = "max by (vcenter, host_id, host_name)"
EACH_CLUSTER = "max by (vcenter, cluster_id, cluster_name)"
EACH_DATASTORE = "max by (vcenter, datastore_id, datastore_name)"
EACH_ALARM = "max by (vcenter, alarm_id, alarm_name, entity_id, entity_name)"
EACH_VCENTER = "max by (vcenter)"

NOT_TEMPLATE = f'unless on (vcenter, vm_id) vsphere_vm_info{{{SELECTED}, template="true"}}'
PLACED = f"* on (vcenter, vm_id) group_left (host_name, cluster_name) vsphere:vm_placement:info{{{SELECTED_RECORDED}}}"
HA_RESTARTS = 'kind=~"VmRestartedOnAlternateHostEvent|com.vmware.vc.ha.VmRestartedByHAEvent"'


def selected(metric: str, *matchers: str, **labels: str) -> str:
    """The series of a metric that the variables choose: `selected("vsphere_vm_power_state", state="poweredOn")`."""
    return _series(metric, SELECTED, matchers, labels)


def recorded(metric: str, *matchers: str, **labels: str) -> str:
    """The same for a recorded series."""
    return _series(metric, SELECTED_RECORDED, matchers, labels)


def _series(metric: str, chosen: str, matchers: tuple[str, ...], labels: dict[str, str]) -> str:
    equal = (f'{label}="{value}"' for label, value in labels.items())
    return f"{metric}{{{', '.join((chosen, *matchers, *equal))}}}"


def growth(metric: str, *matchers: str, **labels: str) -> str:
    """How fast a counter grows, a second."""
    return f"rate({selected(metric, *matchers, **labels)}[$__rate_interval])"


def zero_while_a_vcenter_answers(expr: str) -> str:
    """A count of what has no sample when there is none: 0 only while somebody would have told."""
    return f"{expr} or 0 * sum({selected('checkmeter_vcenter_up')} == 1)"
