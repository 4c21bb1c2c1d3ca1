"""Takes a streamed answer apart, element by element: as text where its reader understands that, else by a parser.

A parser makes an element of every value, four of each property. Where all is written as vCenter writes it, an object's
text is cut off at its end tag and read by one regular expression instead (`object_text.py`). The parser gets everything
else, in order, and it alone decides what is well-formed and what odd writing means.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\s[^<>]*\?>)?\s*"
    rb"<(\w+):Envelope(?=[^<>]*\sxmlns:xsi=\"http://www\.w3\.org/2001/XMLSchema-instance\")[^<>]*>\s*"
    rb"<\1:Body>\s*<\w+ xmlns=\"urn:vim25\">\s*<returnval>[^!?]*"
)
"""How an answer begins in which `xsi` and the default namespace mean what they should."""
_LONGEST_TEXT_BYTES = 1 << 20
"""With an element that is longer the parser takes over, which does not need to hold it whole."""
Text = Callable[[bytes], bytes]
"""Gets what stands in one element, takes what it understands, and returns what the parser is to read of it: all or none or
some of its children."""


class ElementStream:
    """One answer, fed piece by piece."""

    def __init__(self, tag: str, take: Callable[[ET.Element], None], text: Text | None = None) -> None:
        """`take` gets each finished element called `tag`; not those that `text` understood whole."""
        self._start, self._end = f"<{tag}>".encode(), f"</{tag}>".encode()
        self._wanted = f"{{urn:vim25}}{tag}"
        self._take, self._text = take, text
        self._parser: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(("end",))
        self._rest = b""
        self._begun = False
        self._root: Any = None
        self.held = 0
        """bytes of what the parser has to hold: it grows until an element ends"""

    def feed(self, chunk: bytes) -> None:
        """Read on. Raises xml.etree.ElementTree.ParseError."""
        if self._text is None:
            self._parse(chunk)
            return
        *blocks, self._rest = (self._rest + chunk).split(self._end)
        for block in blocks:
            self._block(block)
        if self._text is None or len(self._rest) > _LONGEST_TEXT_BYTES:
            self._text = None
            self._parse(self._rest)
            self._rest = b""

    def close(self) -> ET.Element | None:
        """The outermost element, emptied of what was taken. Raises xml.etree.ElementTree.ParseError."""
        self._parse(self._rest)
        self._parser.close()
        root: ET.Element | None = self._root  # the last element to end
        return root

    def _block(self, block: bytes) -> None:
        """All up to an end tag, which is left out."""
        if not self._begun:
            self._begun = True
            head, start, inner = block.partition(self._start)
            if not start or _HEAD.fullmatch(head) is None:
                self._text = None
            else:
                self._parse(head)
                block = start + inner
        if self._text is not None and block.startswith(self._start):
            block = self._text(block[len(self._start) :])
            if not block:
                return
            block = self._start + block
        if b"<!" in block or b"<?" in block:  # what looks like a tag after a comment or CDATA has begun may be none
            self._text = None
        self._parse(block + self._end)

    def _parse(self, text: bytes) -> None:
        self.held += len(text)
        self._parser.feed(text)
        element: Any
        for _, element in self._parser.read_events():  # type: ignore[misc]  # the stub types all kinds of events as one
            self._root = element
            if element.tag == self._wanted:
                self._take(element)
                element.clear()
                self.held = 0
