"""Posting events as vCenter does: the right class or event type id, the arguments of its context, the usual message."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pyVmomi import vim, vmodl

from agent.simulator.objects import Estate
from agent.simulator.schema import id_of

_event = vim.event


def _argument(estate: Estate, moid: str) -> dict[str, Any]:
    """The event argument for one object, by the name of the event's field."""
    type_, ref, name = estate.type_of(moid), estate.entry(moid).ref, estate.get(moid, "name")
    if issubclass(type_, vim.VirtualMachine):
        return {"vm": _event.VmEventArgument(name=name, vm=ref)}
    if issubclass(type_, vim.HostSystem):
        return {"host": _event.HostEventArgument(name=name, host=ref)}
    if issubclass(type_, vim.ComputeResource):
        return {"computeResource": _event.ComputeResourceEventArgument(name=name, computeResource=ref)}
    if issubclass(type_, vim.Datacenter):
        return {"datacenter": _event.DatacenterEventArgument(name=name, datacenter=ref)}
    if issubclass(type_, vim.Datastore):
        return {"ds": _event.DatastoreEventArgument(name=name, datastore=ref)}
    return {}


def host_argument(estate: Estate, host: str) -> vim.event.HostEventArgument:
    """A host as the source or target of a migration."""
    argument: vim.event.HostEventArgument = _argument(estate, host)["host"]
    return argument


def context(estate: Estate, moid: str) -> dict[str, Any]:
    """The event arguments of an entity: itself, the host a VM is on, its compute resource, its datacenter."""
    arguments = _argument(estate, moid)
    above = estate.ancestors(moid)
    if "vm" in arguments:
        host = id_of(estate.get(moid, "runtime.host"))
        above = [host, *estate.ancestors(host)]
    for one in above:
        for name, value in _argument(estate, one).items():
            arguments.setdefault(name, value)
    return arguments


def post(
    estate: Estate,
    type_: Any,
    about: str | None,
    message: str,
    /,
    *,
    user: str = "",
    when: datetime | None = None,
    chain: int | None = None,
    **more: Any,
) -> vim.event.Event:
    """Post an event about an entity (None: about the session). `{vm}`, `{host}`, `{cluster}`, `{ds}` stand for names.

    `when` is vCenter's present unless given; `chain` is the key of the event it belongs to.
    """
    arguments = context(estate, about) if about is not None else {}
    if issubclass(type_, _event.VmEvent):
        more.setdefault("template", False)
    return estate.event(
        type_(
            createdTime=when or estate.now(),
            userName=user,
            chainId=chain or 0,
            fullFormattedMessage=_formatted(message, arguments),
            **arguments | more,
        )
    )


def post_ex(
    estate: Estate,
    type_id: str,
    about: str,
    message: str,
    *,
    severity: str = "info",
    user: str = "",
    when: datetime | None = None,
    chain: int | None = None,
    arguments: Mapping[str, str] | None = None,
) -> vim.event.Event:
    """Post an EventEx with this event type id about an entity."""
    return post(
        estate,
        _event.EventEx,
        about,
        message,
        user=user,
        when=when,
        chain=chain,
        eventTypeId=type_id,
        severity=severity,
        arguments=[vmodl.KeyAnyValue(key=key, value=value) for key, value in (arguments or {}).items()],
        objectId=about,
        objectType=estate.type_of(about),
        objectName=estate.get(about, "name"),
    )


def post_task(
    estate: Estate, about: str, description_id: str, label: str, *, user: str, when: datetime | None = None
) -> vim.event.Event:
    """Post the TaskEvent with which vCenter records that `user` started a task, e.g. VirtualMachine.createSnapshot."""
    time = when or estate.now()
    task = f"task-{len(estate.events) + 1001}"
    return post(
        estate,
        _event.TaskEvent,
        about,
        f"Task: {label}",
        user=user,
        when=time,
        info=vim.TaskInfo(
            key=task,
            task=vim.Task(task),
            description=None,
            descriptionId=description_id,
            entity=estate.entry(about).ref,
            entityName=estate.get(about, "name"),
            locked=[],
            state="queued",
            cancelled=False,
            cancelable=False,
            reason=vim.TaskReasonUser(userName=user),
            queueTime=time,
            eventChainId=len(estate.events) + 1,
        ),
    )


def post_alarm_change(
    estate: Estate, entity: str, alarm: str, before: str, after: str, *, when: datetime | None = None
) -> vim.event.Event:
    """Post the change of an alarm's status on an entity; colours as in `ManagedEntity.Status`."""
    argument = _event.ManagedEntityEventArgument(name=estate.get(entity, "name"), entity=estate.entry(entity).ref)
    name = estate.get(alarm, "info.name")
    # "from" is a keyword of Python
    status: dict[str, Any] = {"from": before, "to": after}
    return post(
        estate,
        _event.AlarmStatusChangedEvent,
        entity,
        f"Alarm '{name}' on {argument.name} changed from {before.capitalize()} to {after.capitalize()}",
        when=when,
        alarm=_event.AlarmEventArgument(name=name, alarm=vim.alarm.Alarm(alarm)),
        source=argument,
        entity=argument,
        **status,
    )


def _formatted(message: str, arguments: Mapping[str, Any]) -> str:
    names = {
        "vm": "vm",
        "host": "host",
        "cluster": "computeResource",
        "datacenter": "datacenter",
        "ds": "ds",
    }
    for word, field in names.items():
        argument = arguments.get(field)
        if argument is not None:
            message = message.replace("{" + word + "}", argument.name)
    return message
