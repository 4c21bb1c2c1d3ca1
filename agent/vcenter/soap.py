"""SOAP calls: pyVmomi writes the requests and reads small answers and faults; large answers are streamed.

A method call on a pyVmomi object that has this stub goes through `InvokeMethod` here, so that every call of the agent,
typed or streamed, has one deadline, one place where it is counted, and one translation of faults.
"""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any, NoReturn
from xml.parsers.expat import ExpatError

from pyVmomi import vim, vmodl
from pyVmomi.SoapAdapter import SoapResponseDeserializer, SoapStubAdapterBase
from pyVmomi.VmomiSupport import GetServiceVersions, ManagedObject, versionIdMap

from agent.errors import (
    LoginRefused,
    NotPermitted,
    Refused,
    SessionLost,
    Undecodable,
    Unreachable,
    VCenterError,
)
from agent.vcenter.element_stream import ElementStream, Text
from agent.vcenter.envelope import LARGEST_ELEMENT_BYTES, opened, whole
from agent.vcenter.operations import require_read_only
from agent.vcenter.transport import Answer, Transport

_MAX_FAULT = 1 << 20
_LOST = (
    vim.fault.NotAuthenticated,
    vmodl.query.InvalidCollectorVersion,
    vmodl.fault.ManagedObjectNotFound,
    vmodl.fault.RequestCanceled,
)


class Stub(SoapStubAdapterBase):
    """The agent's side of the SOAP conversation with one vCenter."""

    def __init__(self, transport: Transport) -> None:
        """Starts at the oldest API version; `negotiate` raises it to the newest that both sides know."""
        super().__init__(GetServiceVersions("vim25")[-1])  # type: ignore[no-untyped-call]  # pyVmomi's adapters are untyped
        self.requestContext = None  # SerializeRequest looks for it
        self.transport = transport
        self.timeout_s = transport.endpoint.timeout_s
        self.traffic = transport.traffic

    @property
    def soap_version(self) -> str:
        """The negotiated API version as requests carry it, e.g. 8.0.3.0."""
        return str(versionIdMap[self.version])

    def negotiate(self) -> None:
        """Agree on the API version from the server's public version list.

        Raises:
            Unreachable: what answers there is not a vCenter or an ESXi host, or it is still starting.
        """
        endpoint = self.transport.endpoint
        with self.traffic.call("vimServiceVersions"), self.transport.get("/sdk/vimServiceVersions.xml") as answer:
            try:
                body = whole(answer.chunks, endpoint.name, "vimServiceVersions")
                root = ET.fromstring(body) if answer.status == 200 else None  # noqa: S314 - `whole` lets no document type through
            except (ET.ParseError, Undecodable):
                root = None
        if answer.status >= 500:  # what stands before vCenter's services says so for minutes after a restart
            raise self._refused_by_http(answer, "vimServiceVersions")
        if root is None:
            raise Unreachable(
                f"{endpoint.name}: {endpoint.address} answers, but is not a vCenter (HTTP {answer.status})",
                cure="check host and port in the configuration",
            )
        offered = {element.text for element in root.iter("version")}
        for version in GetServiceVersions("vim25"):
            if versionIdMap[version] in offered:
                self.ComputeVersionInfo(version)  # type: ignore[no-untyped-call]  # pyVmomi's adapters are untyped
                self.version = version
                return
        raise Unreachable(
            f"{endpoint.name}: no common API version; the server offers {', '.join(sorted(filter(None, offered)))}",
            cure="update checkmeter or the vCenter",
        )

    def use_version_of(self, other: "Stub") -> None:
        """Speak the API version that another stub has negotiated."""
        self.ComputeVersionInfo(other.version)  # type: ignore[no-untyped-call]  # pyVmomi's adapters are untyped
        self.version = other.version

    def InvokeMethod(self, mo: ManagedObject, info: Any, args: list[Any]) -> Any:  # noqa: N802 - pyVmomi calls it
        """One call with a typed answer. Raises a VCenterError as `agent.errors` sorts them."""
        operation = info.wsdlName
        with self.traffic.call(operation), self._posted(mo, info, args) as answer:
            if answer.status != 200:
                self._fail(answer, operation)
            body = whole(answer.chunks, self.transport.endpoint.name, operation)
            return self._deserialize(body, info.result, operation)

    def InvokeAccessor(self, mo: ManagedObject, info: Any) -> NoReturn:  # noqa: N802 - pyVmomi calls it
        """Never: reading an attribute costs one call an object; the PropertyCollector reads thousands in one."""
        raise TypeError(f"{info.name} of {mo!r}: read properties through the PropertyCollector")

    def stream(
        self,
        mo: ManagedObject,
        method: str,
        args: list[Any],
        tag: str,
        take: Callable[[ET.Element], None],
        *,
        text: Text | None = None,
        extra_s: float = 0.0,
    ) -> ET.Element | None:
        """One call whose answer is read element by element: `take` gets each finished `tag`, which is then emptied.

        Args:
            mo: The object the method is called on.
            method: pyVmomi's name of the method, capitalised; mostly the operation's name on the wire.
            args: Its arguments in order; missing ones at the end are left out.
            tag: Local name of the repeated element.
            take: Called for each of them, in order.
            text: Is given each of them as text first, and may leave nothing or less of it for `take`.
            extra_s: Seconds that the server may wait before it answers, on top of the deadline.

        Returns:
            The `returnval` element with what is not in `tag` elements, or None if the answer is empty.

        Raises:
            Undecodable: the answer is not well-formed XML. What `take` got before that is genuine.
        """
        info = mo._GetMethodInfo(method)  # noqa: SLF001 - pyVmomi has no public name for a method's description
        padded = args + [None] * (len(info.params) - len(args))
        operation = info.wsdlName
        with self.traffic.call(operation), self._posted(mo, info, padded, extra_s=extra_s) as answer:
            if answer.status != 200:
                self._fail(answer, operation)
            return self._pull(answer, operation, ElementStream(tag, take, text))

    def stream_blocks(self, operation: str, request: bytes, end: bytes, take: Callable[[bytes], None]) -> bytes:
        """One call, of a request that the caller has written itself, whose answer the caller reads as text.

        Args:
            operation: The operation's name on the wire.
            request: The SOAP envelope.
            end: What a block ends with; `take` gets each block without it, as the answer streams in.
            take: Called for each block, in order.

        Returns:
            What came after the last block.

        Raises:
            VCenterError: the call failed.
        """
        require_read_only(operation)
        rest = b""
        name = self.transport.endpoint.name
        with self.traffic.call(operation), self.transport.post(request, self.versionId, self.timeout_s) as answer:
            if answer.status != 200:
                self._fail(answer, operation)
            for chunk in opened(answer.chunks, name, operation):
                *blocks, rest = (rest + chunk).split(end)
                for block in blocks:
                    take(block)
                if len(rest) > LARGEST_ELEMENT_BYTES:
                    raise _too_long(name, operation)
        return rest

    def _pull(self, answer: Answer, operation: str, elements: ElementStream) -> ET.Element | None:
        name = self.transport.endpoint.name
        try:
            for chunk in opened(answer.chunks, name, operation):
                elements.feed(chunk)
                if elements.held > LARGEST_ELEMENT_BYTES:
                    raise _too_long(name, operation)
            root = elements.close()
        except ET.ParseError as error:
            raise Undecodable(
                f"{name}: the answer to {operation} is not well-formed XML ({error})",
                cure="a name or note in vCenter may hold a control character; checkmeter reads around it",
            ) from error
        return None if root is None else root.find(".//{urn:vim25}returnval")

    def _posted(self, mo: ManagedObject, info: Any, args: list[Any], *, extra_s: float = 0.0) -> Any:
        require_read_only(info.wsdlName)
        request = self.SerializeRequest(mo, info, args)  # type: ignore[no-untyped-call]  # pyVmomi's adapters are untyped
        return self.transport.post(request, self.versionId, self.timeout_s + extra_s, reuse=info.wsdlName != "Login")

    def _deserialize(self, body: bytes, result: Any, operation: str) -> Any:
        try:
            return SoapResponseDeserializer(self).Deserialize(body, result)
        except (KeyError, AttributeError, TypeError, ValueError, ExpatError) as error:
            raise Undecodable(
                f"{self.transport.endpoint.name}: the answer to {operation} cannot be understood "
                f"({type(error).__name__}: {error})",
                cure="vCenter may be newer than checkmeter; please report it",
            ) from error

    def _fail(self, answer: Answer, operation: str) -> NoReturn:
        """Turn an HTTP error into the error it means."""
        endpoint = self.transport.endpoint
        if answer.status != 500:
            raise self._refused_by_http(answer, operation)
        body = whole(answer.chunks, endpoint.name, operation, _MAX_FAULT)
        raise translate(self._deserialize(body, object, operation), operation, endpoint.name, endpoint.username)

    def _refused_by_http(self, answer: Answer, operation: str) -> Unreachable:
        endpoint = self.transport.endpoint
        return Unreachable(
            f"{endpoint.name}: {endpoint.address} answered {operation} with HTTP {answer.status} {answer.reason}",
            cure="vCenter may be starting, or a proxy stands between",
        )


def _too_long(name: str, operation: str) -> Undecodable:
    return Undecodable(
        f"{name}: one element in the answer to {operation} is longer than {LARGEST_ELEMENT_BYTES >> 20} MB",
        cure="no vCenter answers so: see what stands between, or report it",
    )


def translate(fault: Any, operation: str, name: str, username: str) -> VCenterError:
    """The error that a SOAP fault means.

    `NotAuthenticated` is a subclass of `NoPermission` and must be seen first.
    """
    kind = type(fault).__name__.rpartition(".")[2]
    text = str(getattr(fault, "msg", "") or kind).splitlines()[0]
    if isinstance(fault, _LOST):
        return SessionLost(f"{name}: the session is gone ({kind} at {operation})", fault=kind, cure="a new one is made")
    if isinstance(fault, vim.fault.InvalidLogin):
        return LoginRefused(
            f"{name}: vCenter refused the login of {username}",
            cure="correct the password file, and restart the service if systemd delivers it (LoadCredential=); no "
            "further attempt is made until it changes, so that no account is locked",
        )
    if isinstance(fault, vim.fault.NoPermission):
        privilege = str(fault.privilegeId or "unknown")
        return NotPermitted(
            f"{name}: {username} may not call {operation}",
            privilege=privilege,
            cure=f"ask for the privilege {privilege} (the role Read-only, propagated from the top, is enough)",
        )
    detail = str(getattr(fault, "name", "") or "")
    return Refused(f"{name}: {operation} failed: {kind} {detail}: {text}", fault=kind, detail=detail)
