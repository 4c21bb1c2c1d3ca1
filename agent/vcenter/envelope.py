"""What an answer has to begin with, and how long it may be, before a parser sees it.

SOAP forbids document types, and with them go all entities: whatever could expand cannot even be declared. A parser needs
ten to forty times the memory of the text, so the text is limited, for the largest estates far above what is needed.
"""

import re
from collections.abc import Iterable, Iterator

from agent.errors import Undecodable

LARGEST_ANSWER_BYTES = 256 << 20
"""Inflated. 5,000 virtual machines answer with less than a tenth of it."""
LARGEST_WHOLE_BYTES = 32 << 20
"""Of an answer that is read at once."""
LARGEST_ELEMENT_BYTES = 16 << 20
"""Between two elements of a streamed answer: so much of it may have to be held as a tree."""
_PROLOG_BYTES = 4096
_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\s[^>?]{0,200}\?>)?\s*<[A-Za-z_]",
)
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)")
_UTF8 = frozenset({b"utf-8", b"utf8", b"us-ascii"})


def opened(chunks: Iterable[bytes], name: str, operation: str, most: int = LARGEST_ANSWER_BYTES) -> Iterator[bytes]:
    """The chunks, once they are known to begin as a SOAP answer does, and as long as there are not too many.

    Raises:
        Undecodable: a document type, another encoding than UTF-8, no XML, or more than `most` bytes.
    """
    head, checked, total = b"", False, 0
    for chunk in chunks:
        total += len(chunk)
        if total > most:
            raise Undecodable(
                f"{name}: the answer to {operation} is longer than {most >> 20} MB",
                cure="no vCenter answers so much: see what stands between, or report it",
            )
        if checked:
            yield chunk
            continue
        head += chunk
        if len(head) >= _PROLOG_BYTES:
            check_beginning(head, name, operation)
            checked = True
            yield head
    if not checked:
        check_beginning(head, name, operation)
        yield head


def whole(chunks: Iterable[bytes], name: str, operation: str, most: int = LARGEST_WHOLE_BYTES) -> bytes:
    """All of an answer that is to be read at once. Raises as `opened`."""
    return b"".join(opened(chunks, name, operation, most))


def check_beginning(body: bytes, name: str, operation: str) -> None:
    """Raise Undecodable unless `body` begins with the root element, at most an XML declaration before it."""
    head = body[:_PROLOG_BYTES]
    if not head:
        return  # an empty answer is the caller's matter
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise Undecodable(
            f"{name}: the answer to {operation} declares a document type", cure="see what stands between; SOAP has none"
        )
    found = _BEGINNING.match(head)
    declared = _ENCODING.search(found[0]) if found is not None else None
    if found is None or (declared is not None and declared[1].lower() not in _UTF8):
        raise Undecodable(
            f"{name}: the answer to {operation} is not well-formed XML (it does not begin as an answer in UTF-8 does)",
            cure="see what stands between the agent and the vCenter",
        )
