"""The software bill of materials, CycloneDX 1.6 as JSON: what is brought, from which file, under which licence.

https://cyclonedx.org/docs/1.6/json/
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from systemd.package.source_tree import SourceTree
from systemd.package.wheels import Wheel

EXTRAS = {"checkmeter": ("simulator",)}
"""Extras that the lock contains."""


def bill_of_materials(tree: SourceTree, own: Wheel, wheels: Sequence[Wheel], markers: Mapping[str, str]) -> str:
    """The bill of `own` and of `wheels`, of which one package may have several, for several versions of Python.

    The same wheels give the same text: its serial number comes from their hashes, its time from the tree.
    """
    packages: defaultdict[str, list[Wheel]] = defaultdict(list)
    for wheel in sorted(wheels, key=lambda one: one.path.name):
        packages[wheel.name].append(wheel)
    files = sorted(f"{wheel.path.name} {wheel.sha256}" for wheel in (own, *wheels))
    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, ' '.join(files))}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(tree.moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {**_component([own]), "type": "application"},
        },
        "components": [_component(packages[name]) for name in sorted(packages)],
        "dependencies": [
            {
                "ref": purl(one[0]),
                "dependsOn": [
                    purl(packages[name][0])
                    for name in one[0].requires(markers, EXTRAS.get(one[0].name, ()))
                    if name in packages
                ],
            }
            for one in ([own], *(packages[name] for name in sorted(packages)))
        ],
    }
    return json.dumps(bill, indent=2, ensure_ascii=False) + "\n"


def purl(wheel: Wheel) -> str:
    """The package's URL: https://github.com/package-url/purl-spec."""
    return f"pkg:pypi/{wheel.name}@{wheel.version}"


def _component(files: Sequence[Wheel]) -> dict[str, Any]:
    first = files[0]
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": purl(first),
        "name": first.name,
        "version": first.version,
        "purl": purl(first),
        "licenses": _licences(first),
    }
    if summary := first.metadata.get("Summary"):
        component["description"] = summary
    if len(files) == 1:
        return {**component, "hashes": _hashes(first)}
    return {
        **component,
        "components": [
            {"type": "file", "name": one.path.name, "version": one.version, "hashes": _hashes(one)} for one in files
        ],
    }


def _hashes(wheel: Wheel) -> list[dict[str, str]]:
    return [{"alg": "SHA-256", "content": wheel.sha256}]


def _licences(wheel: Wheel) -> list[dict[str, Any]]:
    licence = wheel.licence
    if licence.expression:
        return [{"expression": licence.expression}]
    return [{"license": {"name": name}} for name in licence.names]
