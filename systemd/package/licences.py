"""The licence of a package, in the words of its own metadata."""

import re
from email.message import Message

from agent.dataclass import dataclass

SPDX = {"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MPL-2.0", "PSF-2.0"}
"""Identifiers that a package may give where free text is allowed."""
CLASSIFIER = "License :: OSI Approved :: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """Either an SPDX expression, or names that only a person can make sense of; both empty if nothing is said."""

    expression: str = ""
    names: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """For people."""
        return self.expression or ", ".join(self.names) or "not said"


def licence_of(metadata: Message) -> Licence:
    """What core metadata says: `License-Expression`, or else `License` where it is one, or else the classifiers."""
    if expression := metadata.get("License-Expression"):
        return Licence(expression=expression)
    said = (metadata.get("License") or "").strip()
    if said and all(word in SPDX for word in re.split(r" (?:AND|OR) ", said)):
        return Licence(expression=said)
    classified = [
        one.removeprefix(CLASSIFIER) for one in metadata.get_all("Classifier", []) if one.startswith(CLASSIFIER)
    ]
    if classified:
        return Licence(names=tuple(classified))
    return Licence(names=(said.splitlines()[0],) if said else ())
