"""Pseudonyms for what names people, places and machines: the same for the same, unlike for the unlike, and of one shape.

A text is taken word by word, so that a name is recognised in paths, addresses and messages, and what has a part in common
keeps a part in common. Addresses keep which of them share a subnet. The key is never stored: nobody can go back by it.
"""

import hmac
import ipaddress
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files

_FOLDED = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
"""Host names have no such letters: `økonomi01` and `oekonomi01` are one word."""
_CONSONANTS, _VOWELS = "bcdfghjklmnpqrstvwxz", "aeiouy"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_TRIES = 400
_LONG_NUMBER = 10
"""Digits: builds of products have eight, and what numbers a person has ten."""
_RUNS = re.compile(r"ESXi|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")
_DEVICE = re.compile(r"(?:vmnic|vmhba|vmk|vswitch|lag|uplink|naa|eui|mpx|vml)\d{0,3}", re.IGNORECASE)
_MARKER = re.compile(
    r"veeam|commvault|rubrik|cohesity|networker|avamar|nakivo|acronis|consolidate|backup|snapshot|vproxy|nbu|vcb|vcls",
    re.IGNORECASE,
)
"""Names of products that name what they make: health checks know it by them."""
SYSTEM_NAMES = frozenset({"Datacenters", "vm", "host", "datastore", "network", "Resources"})
"""Folders and pools that every vCenter calls so, by the whole name."""
_ATTRIBUTES = frozenset({"Last backup", "Last Backup", "Last EMC vProxy Backup", "NB_LAST_BACKUP"})
_SHAPES = re.compile(
    r"""(?<![^\W_])(?:
        (?P<time>20\d\d-\d\d-\d\d(?:[T\ ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:\d\d)?
            |\d\d[-.]\d\d[-.]20\d\d(?:\ \d\d:\d\d:\d\d)?|\d\d/\d\d/20\d\d(?:\ \d\d:\d\d:\d\d)?)
        |(?P<mac>[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5})
        |(?P<ip6>[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?!:))
        |(?P<uuid>[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4,12}){2,4}
            |(?:[0-9A-Fa-f]{2}\ ){7}[0-9A-Fa-f]{2}-(?:[0-9A-Fa-f]{2}\ ){7}[0-9A-Fa-f]{2})
        |(?P<ip4>\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d))
        |(?P<hex>[0-9A-Fa-f]{8,})
        |(?P<word>[^\W_]+)
    )(?![^\W_])
    |(?P<ip6short>(?<![\w:])::[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,6}(?![\w:]))
    |(?P<rest>[^\W_]+)""",
    re.VERBOSE,
)
_KEPT_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "224.0.0.0/4"),
        *("100.64.0.0/10", "0.0.0.0/8", "240.0.0.0/4", "fe80::/64", "fe80::/10", "fc00::/7", "ff00::/8", "::/96"),
    )
)
"""What kind of address it is stays to be seen: private, of the link, of many."""


class Pseudonyms:
    """Makes them and remembers them. Two words never get the same one."""

    def __init__(self, key: bytes) -> None:
        """`key` is random, and forgotten afterwards."""
        self._key = key
        self._words: dict[str, str] = {}
        self._taken: set[str] = set()
        self._hexes: dict[str, str] = {}
        self._addresses: dict[str, str] = {}
        self._in_names: set[str] = set()

    def name(self, text: str) -> str:
        """Of a name or of words that somebody wrote: only times, kinds of devices and names of backup products stay."""
        if text in SYSTEM_NAMES or text in _ATTRIBUTES:
            return text
        self._in_names.update(word for word in _WORDS.findall(text.casefold()) if _MIXED.search(word))
        return _SHAPES.sub(lambda found: self._shaped(found, self._plain), text)

    def path(self, text: str) -> str:
        """Of a file's path: what kind of file it is stays, and the number of a snapshot's file."""
        folder, slash, file = text.rpartition("/")
        kept = _FILE_KIND.search(file)
        stem = file[: kept.start()] if kept is not None else file
        return self.name(folder) + slash + self.name(stem) + (kept[0] if kept is not None else "")

    def url(self, text: str) -> str:
        """Of a datastore's address: where volumes are stays."""
        kept = _VOLUMES.match(text)
        start = kept.end() if kept is not None else 0
        return text[:start] + self.name(text[start:])

    def technical(self, text: str, *, version: bool = False) -> str:
        """Of a text that machines write: words of the vocabulary and short numbers stay.

        Args:
            text: The text.
            version: It is a version, whose four numbers are no address.
        """
        return _SHAPES.sub(lambda found: self._shaped(found, self._of_machine, version=version), text)

    def message(self, text: str) -> str:
        """As technical, but a word with digits that occurred in a name before is part of a name here too."""
        return _SHAPES.sub(lambda found: self._shaped(found, self._of_message), text)

    def secret(self, text: str) -> str:
        """As name, and nothing stays, neither times nor products."""
        return _WORDS.sub(lambda found: self._word(found[0]), text)

    def _shaped(self, found: "re.Match[str]", word: Callable[[str], str], *, version: bool = False) -> str:
        text = found[0]
        kind = found.lastgroup
        if kind == "time":
            return text
        if kind == "mac":
            return text[:8] + self._hex(text[9:].lower().replace("-", ":"), text[8:])
        if kind == "uuid" or (kind == "hex" and not text.isdecimal()):
            return self._hex(re.sub(r"[ -]", "", text).lower(), text)
        if kind == "ip4" and version:
            return text
        if kind in ("ip4", "ip6", "ip6short"):
            return self._address(text) or _WORDS.sub(lambda part: word(part[0]), text)
        return word(text)

    def _plain(self, word: str) -> str:
        if _DEVICE.fullmatch(word):
            return word
        return self._around_markers(word)

    def _of_machine(self, word: str) -> str:
        return word if is_technical(word) else self._plain(word)

    def _of_message(self, word: str) -> str:
        return self._plain(word) if word.casefold() in self._in_names else self._of_machine(word)

    def _around_markers(self, word: str) -> str:
        parts, at = [], 0
        for marker in _MARKER.finditer(word):
            parts += [self._word(word[at : marker.start()]), marker[0]]
            at = marker.end()
        return "".join([*parts, self._word(word[at:])])

    def _word(self, word: str) -> str:
        if not word:
            return ""
        folded = word.casefold().translate(_FOLDED)
        made = self._words.get(folded)
        if made is None:
            made = self._words[folded] = self._new(folded, self._taken)
        return _in_case_of(word, made)

    def _new(self, folded: str, taken: set[str]) -> str:
        for attempt in range(_TRIES):
            made = self._made(folded + "x" * (attempt // 100), attempt)
            if made != folded and made not in taken:
                taken.add(made)
                return made
        raise ValueError("no pseudonym is left")  # 400 tries of ever longer words

    def _made(self, folded: str, attempt: int) -> str:
        """Letters where there are letters, digits where there are digits."""
        noise = self._noise(f"word/{attempt}/{folded}", len(folded))
        made = ""
        for place, (character, byte) in enumerate(zip(folded, noise, strict=True)):
            letters = _LETTERS if len(folded) < 4 else _CONSONANTS if place % 2 == 0 else _VOWELS
            made += str(byte % 10) if character.isdigit() else letters[byte % len(letters)]
        return made

    def _hex(self, digits: str, shown: str) -> str:
        """Digits of base 16 for those of `shown`, whatever stands between them."""
        made = self._hexes.get(digits)
        if made is None:
            made = self._hexes[digits] = self._noise(f"hex/{digits}", len(digits)).hex()
        supply = iter(made)
        upper = shown.upper() == shown and shown.lower() != shown
        text = "".join(next(supply) if one in "0123456789abcdefABCDEF" else one for one in shown)
        return text.upper() if upper else text

    def _address(self, text: str) -> str | None:
        """Of an IP address, bit by bit: as many leading bits as two addresses share, their pseudonyms share."""
        made = self._addresses.get(text)
        if made is not None:
            return made
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return None
        size = address.max_prefixlen
        number = int(address)
        kept = next((one.prefixlen for one in _KEPT_NETWORKS if address.version == one.version and address in one), 0)
        if _is_mask(number, size) or kept == 4 or address.is_loopback or address.is_unspecified:
            return text
        bits = f"{number:0{size}b}"
        flipped = "".join(
            bit if place < kept else str(int(bit) ^ (self._noise(f"ip{size}/{bits[:place]}", 1)[0] & 1))
            for place, bit in enumerate(bits)
        )
        made = self._addresses[text] = str(type(address)(int(flipped, 2)))
        return made

    def _noise(self, about: str, size: int) -> bytes:
        """Bytes that follow from the key and what they are for."""
        made = b""
        while len(made) < size:
            made += hmac.digest(self._key, f"{len(made)}/{about}".encode(), "sha256")
        return made[:size]


_WORDS = re.compile(r"[^\W_]+")
_MIXED = re.compile(r"\d[^\W\d_]|[^\W\d_]\d")
_VOLUMES = re.compile(r"(?:ds://)?(?:/vmfs/volumes/)?")
_FILE_KIND = re.compile(
    r"(?:-0000\d\d)?(?:-(?:flat|delta|ctk|sesparse|rdmp?))?"
    r"\.(?:vmdk|vmx|vmxf|vmsd|vmtx|nvram|vswp|vmem|vmsn|vmss|log|iso|img|flp|hlog)$",
    re.IGNORECASE,
)


@cache
def vocabulary() -> frozenset[str]:
    """The words that a technical text may keep: those of vSphere's own API, and of hardware and messages, no names."""
    return frozenset(files("agent.recording").joinpath("vocabulary.txt").read_text(encoding="utf-8").split())


@cache
def is_technical(word: str) -> bool:
    """Whether a word is made of words of the vocabulary, single letters, and numbers of less than ten digits."""
    return word.lower() in vocabulary() or all(map(_is_technical_run, _RUNS.findall(word)))


def _is_technical_run(run: str) -> bool:
    if run.isdecimal():
        return len(run) < _LONG_NUMBER
    return len(run) == 1 or run.lower() in vocabulary()


def _in_case_of(word: str, made: str) -> str:
    if len(word) == len(made):
        return "".join(new.upper() if old.isupper() else new for old, new in zip(word, made, strict=True))
    return made.upper() if word.isupper() else made.capitalize() if word[:1].isupper() else made


def _is_mask(number: int, size: int) -> bool:
    """Whether it is the mask of a subnet: ones, then zeros."""
    inverted = number ^ ((1 << size) - 1)
    return number >> (size - 8) == 0xFF and inverted & (inverted + 1) == 0
