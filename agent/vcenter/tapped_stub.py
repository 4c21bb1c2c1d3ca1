"""A stub that lets a recorder listen: whatever the agent reads goes past the listener, the log-in does not.

So a recording holds what the agent reads, found by the very code that reads it, with its detours around bad values.
"""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any, Protocol

from pyVmomi.VmomiSupport import ManagedObject

from agent.vcenter.element_stream import Text
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport

_WHOLE = frozenset({"RetrieveServiceContent", "QueryAssignedLicenses"})
"""Small answers of which the listener gets the XML."""


class Listener(Protocol):
    """Who listens. What it raises ends the call."""

    def asked(self, operation: str, arguments: list[Any]) -> None:
        """A call whose arguments say what its answers leave out."""

    def element(self, operation: str, element: ET.Element) -> None:
        """One repeated element of a streamed answer, before it is emptied."""

    def answered(self, operation: str, returned: list[ET.Element]) -> None:
        """The `returnval` elements of a small answer."""


class TappedStub(Stub):
    """Reads as `Stub` does."""

    def __init__(self, transport: Transport, listener: Listener) -> None:
        super().__init__(transport)
        self._listener = listener

    def InvokeMethod(self, mo: ManagedObject, info: Any, args: list[Any]) -> Any:  # noqa: N802 - pyVmomi calls it
        """As in `Stub`."""
        if info.wsdlName == "CreateFilter":
            self._listener.asked("WaitForUpdatesEx", [[args[0]]])
        return super().InvokeMethod(mo, info, args)

    def stream(
        self,
        mo: ManagedObject,
        method: str,
        args: list[Any],
        tag: str,
        take: Callable[[ET.Element], None],
        *,
        text: Text | None = None,  # noqa: ARG002 - the listener needs elements
        extra_s: float = 0.0,
    ) -> ET.Element | None:
        """As in `Stub`."""
        if method == "RetrievePropertiesEx":
            self._listener.asked(method, args)

        def heard(element: ET.Element) -> None:
            self._listener.element(method, element)
            take(element)

        return super().stream(mo, method, args, tag, heard, extra_s=extra_s)

    def _deserialize(self, body: bytes, result: Any, operation: str) -> Any:
        understood = super()._deserialize(body, result, operation)
        if operation in _WHOLE:
            root = ET.fromstring(body)  # noqa: S314 - `whole` lets no document type through
            self._listener.answered(operation, list(root.iter("{urn:vim25}returnval")))
        return understood
