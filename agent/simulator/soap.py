"""SOAP both ways by pyVmomi's type tables: an envelope to a call with typed arguments, a result or fault to an envelope."""

import base64
import re
import xml.etree.ElementTree as ET
from datetime import datetime
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from pyVmomi import VmomiSupport, vmodl
from pyVmomi.Iso8601 import ISO8601Format, ParseISO8601
from pyVmomi.SoapAdapter import SOAP_NSMAP, SerializeFaultDetail, SerializeToStr
from pyVmomi.VmomiSupport import XMLNS_XSD, XMLNS_XSI

from agent.dataclass import dataclass
from agent.simulator.schema import DataObject, ManagedObject, id_of, property_info

VIM = "urn:vim25"
VERSION = VmomiSupport.versionMap["vim25/8.0.3.0"]
_NSMAP = {**SOAP_NSMAP, VIM: ""}
_TYPE = f"{{{XMLNS_XSI}}}type"
_BODY = "{http://schemas.xmlsoap.org/soap/envelope/}Body"
_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
    f'xmlns:xsd="{XMLNS_XSD}" xmlns:xsi="{XMLNS_XSI}"><soapenv:Body>'
)
_END = "</soapenv:Body></soapenv:Envelope>"
# XML 1.0 has no way to write these characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class RawXml(str):
    """A result that is serialized already: `<returnval>` elements."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Request:
    """A parsed call: the operation's name, the object it goes to, its arguments in the order of the type table."""

    operation: str
    this: str
    this_type: Any
    arguments: list[Any]
    result_type: Any
    privilege: str | None


def local(tag: str) -> str:
    """An element's name without its namespace."""
    return tag.rpartition("}")[2]


def parse_request(body: bytes) -> Request:
    """The call in a SOAP envelope. ET.ParseError for broken XML; InvalidRequest for what no type table knows."""
    found = ET.fromstring(body).find(_BODY)  # noqa: S314 - loopback clients of our own; no secrets, no DTD handling
    if found is None or not len(found):
        raise vmodl.fault.InvalidRequest(msg="the envelope has no body")
    call = found[0]
    operation = local(call.tag)
    try:
        this = (call[0].text or "").strip()
        this_type = VmomiSupport.GetWsdlType(VIM, call[0].get("type"))
        if operation == "Fetch":
            name = (call[1].text or "").strip()
            info = property_info(this_type, name)
            return Request(operation, this, this_type, [name], info.type, getattr(info, "privId", None))
        try:
            method = VmomiSupport.GetWsdlMethod(VIM, operation).info
        except KeyError:
            raise vmodl.fault.NotImplemented(msg=f"{operation} is unknown") from None
        arguments = []
        for parameter in method.params:
            elements = [child for child in call[1:] if local(child.tag) == parameter.name]
            if issubclass(parameter.type, list):
                arguments.append(parameter.type([parse(one, parameter.type.Item) for one in elements]))
            else:
                arguments.append(parse(elements[0], parameter.type) if elements else None)
    except (KeyError, AttributeError, TypeError, ValueError, IndexError) as error:
        raise vmodl.fault.InvalidRequest(msg=f"{operation}: {error!r}") from error
    return Request(operation, this, this_type, arguments, method.result, method.privId)


@lru_cache(maxsize=4096)
def _named(name: str) -> Any:
    plain = name.rpartition(":")[2]
    try:
        return VmomiSupport.GetWsdlType(VIM, plain)
    except KeyError:
        if plain == "ManagedObjectReference":
            return ManagedObject
        if plain == "ArrayOfManagedObjectReference":
            return VmomiSupport.GetWsdlType(VIM, plain.removesuffix("Reference"))
        return VmomiSupport.GetWsdlType(XMLNS_XSD, plain)


def parse(element: ET.Element, type_: Any) -> Any:
    """One element as a value of type `type_` or the subtype it names in xsi:type."""
    if named := element.get(_TYPE):
        type_ = _named(named)
    if issubclass(type_, ManagedObject):
        return _named(element.get("type") or "ManagedObject")((element.text or "").strip())
    if issubclass(type_, DataObject):
        values: dict[str, Any] = {}
        for child in element:
            info = property_info(type_, local(child.tag))
            if issubclass(info.type, list):
                values.setdefault(info.name, info.type()).append(parse(child, info.type.Item))
            else:
                values[info.name] = parse(child, info.type)
        return type_(**values)
    if issubclass(type_, list):
        return type_([parse(child, type_.Item) for child in element])
    text = element.text or ""
    if type_ is bool:
        return text.strip() in ("true", "1")
    if type_ is datetime:
        return ParseISO8601(text.strip())
    if type_ is type:
        return _named(text.strip())
    if issubclass(type_, bytes):
        return type_(base64.b64decode(text))
    return text if type_ is object else type_(text)


def text(value: str) -> str:
    """Text escaped for an element's content; what XML cannot hold becomes U+FFFD."""
    return escape(_FORBIDDEN.sub("\ufffd", value))


def _xsi(type_: Any) -> str:
    return _xsi_name(type_)


@lru_cache(maxsize=4096)
def _xsi_name(type_: Any) -> str:
    namespace, name = VmomiSupport.GetQualifiedWsdlName(type_)
    return f"xsd:{name}" if namespace == XMLNS_XSD else str(name)


def any_value(value: Any, type_: Any, tag: str = "val") -> str:
    """An element of type anyType, as DynamicProperty.val and Change.val carry it, `type_` being the property's own type."""
    if type_ is object or isinstance(value, DataObject):
        type_ = type(value)
    if isinstance(value, ManagedObject):
        name = _xsi(type(value))
        return f'<{tag} xsi:type="ManagedObjectReference" type="{name}">{id_of(value)}</{tag}>'
    if isinstance(value, bool):
        return f'<{tag} xsi:type="xsd:boolean">{"true" if value else "false"}</{tag}>'
    if isinstance(value, datetime):
        return f'<{tag} xsi:type="xsd:dateTime">{ISO8601Format(value)}</{tag}>'
    if isinstance(value, str) and type_ is not type:
        return f'<{tag} xsi:type="{_xsi(type_)}">{text(value)}</{tag}>'
    if isinstance(value, int | float):
        return f'<{tag} xsi:type="{_xsi(type_)}">{value}</{tag}>'
    if isinstance(value, list) and not isinstance(value, VmomiSupport.Array):
        value = type_(value)
    written = serialize(value, object, tag)
    # pyVmomi writes its own name for a reference in an anyType; vCenter and every other client say ManagedObjectReference.
    return written.replace('xsi:type="ManagedObject"', 'xsi:type="ManagedObjectReference"')


def serialize(value: Any, type_: Any, tag: str = "returnval") -> str:
    """A value as an element (a list as several) of declared type `type_`; TypeError when a required field is unset."""
    if value is None or (isinstance(value, list) and not value and type_ is not object):
        return ""
    if isinstance(value, list) and type_ is not object and not isinstance(value, VmomiSupport.Array):
        value = type_(value)
    info = VmomiSupport.Object(name=tag, type=type_, version=VERSION, flags=VmomiSupport.F_OPTIONAL)
    version_attributes = f' versionId="{VmomiSupport.versionIdMap[VERSION]}"'
    written = _FORBIDDEN.sub("\ufffd", SerializeToStr(value, info, VERSION, _NSMAP))
    return written.replace(version_attributes, "", 1)


def reference(ref: Any, tag: str = "obj") -> str:
    """An element of type ManagedObjectReference."""
    return f'<{tag} type="{_xsi(type(ref))}">{id_of(ref)}</{tag}>'


def response(request: Request, result: Any) -> bytes:
    """The envelope that answers a call."""
    inner = result if isinstance(result, RawXml) else serialize(result, request.result_type)
    name = request.operation
    return f'{_ENVELOPE}<{name}Response xmlns="{VIM}">{inner}</{name}Response>{_END}'.encode()


def fault_response(fault: Any) -> bytes:
    """The envelope of a fault; HTTP sends it with status 500."""
    name = VmomiSupport.GetWsdlName(type(fault)) + "Fault"
    info = VmomiSupport.Object(name=name, type=object, version=VERSION, flags=0)
    message = text(fault.msg or "")
    detail = _FORBIDDEN.sub("\ufffd", SerializeFaultDetail(fault, info, VERSION, _NSMAP))
    return (
        f"{_ENVELOPE}<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>{message}</faultstring>"
        f"<detail>{detail}</detail></soapenv:Fault>{_END}"
    ).encode()
