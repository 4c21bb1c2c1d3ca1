"""XML of vCenter's answers as text without namespaces, and back."""

import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_OPEN = (
    '<r xmlns="urn:vim25" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)


def local(tag: str) -> str:
    """An element's name without its namespace."""
    return tag.rpartition("}")[2]


def element_text(element: ET.Element) -> str:
    """An element as text. Of the attributes, those that say types are kept; SOAP has no others that matter."""
    name = local(element.tag)
    attributes = ""
    if (declared := element.get("type")) is not None:
        attributes += f" type={quoteattr(declared)}"
    if (actual := element.get(XSI_TYPE)) is not None:
        attributes += f" xsi:type={quoteattr(_with_known_prefix(actual))}"
    inner = "".join(map(element_text, element)) if len(element) else escape(element.text or "")
    return f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"


def element_of(text: str) -> ET.Element:
    """The element that `element_text` wrote. Raises ValueError where it is not well-formed, or more than one."""
    if "<!" in text:
        raise ValueError("it declares a document type")
    try:
        found = list(ET.fromstring(f"{_OPEN}{text}</r>"))  # noqa: S314 - declarations are refused above
    except ET.ParseError as error:
        raise ValueError(f"its XML is not well-formed: {error}") from None
    if len(found) != 1:
        raise ValueError("it holds not one element")
    return found[0]


def _with_known_prefix(type_name: str) -> str:
    """Servers choose the prefix of XML Schema's own types; vSphere's types have none here."""
    prefix, _, plain = type_name.rpartition(":")
    return f"xsd:{plain}" if prefix and plain[:1].islower() else plain
