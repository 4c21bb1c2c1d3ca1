"""The reference of every check in Markdown: `python -m agent.health.reference docs/checks.md`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agent.health.catalogue import Check, catalogue
from agent.health.example import Example
from agent.health.example_words import example_words
from agent.health.runner import evaluate
from agent.health.subjects import KINDS, Kind

BEGIN = "<!-- generated from agent/health/checks -->"
END = "<!-- end of the generated part -->"
_TITLES = {
    "vm": "Virtual machines",
    "host": "Hosts",
    "cluster": "Clusters",
    "datastore": "Datastores",
    "storage_pod": "Datastore clusters",
    "resource_pool": "Resource pools",
    "network": "Networks",
    "switch": "Distributed switches",
    "portgroup": "Distributed portgroups",
    "folder": "Folders",
    "datacenter": "Datacenters",
    "vcenter": "vCenter",
    "entity": "Any object",
}


def render() -> str:
    """A list of all checks, then each with what it means, needs and finds."""
    checks = catalogue().values()
    lines = ["", f"{len(checks)} checks.", ""]
    for kind in KINDS:
        of_kind = [check for check in checks if check.about is kind]
        if of_kind:
            lines += [f"## {_TITLES[kind.name]}", "", *(line for check in of_kind for line in _entry(check))]
    return "\n".join(lines)


def refreshed(page: str) -> str:
    """`page` with its generated part made anew.

    Raises:
        ValueError: the page lacks one of the two marks.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page needs the lines {BEGIN!r} and {END!r}")
    return f"{before}{BEGIN}\n{render()}\n{END}{after}"


def _entry(check: Check) -> Iterator[str]:
    yield from (f"### {check.name}", "", f"**{check.title}.** {_sentence(check.meaning)}", "")
    yield f"- Impact: {_sentence(check.impact)}"
    yield f"- Ask the vendor: {_sentence(check.ask)}"
    yield f"- Finds: {', '.join(check.states)}. Applies to: {check.when.words if check.when else 'every one'}."
    if check.since_api:
        yield f"- Needs vCenter's API {check.since_api} or later; before that it is not applicable."
    yield f"- Source: {', '.join(f'`{source}`' for source in check.sources)} ({check.privilege})"
    if check.thresholds:
        yield f"- Thresholds: {', '.join(f'`{name}: {_value(value)}`' for name, value in check.thresholds.items())}"
    for fires, word in ((True, "Fires"), (False, "Silent")):
        example = next((one for one in check.examples if one.fires is fires), None)
        if example is not None:
            yield f"- {word}: {_example(check, example)}"
    yield ""


def _sentence(text: str) -> str:
    """With a capital at its beginning, but for vCenter, vMotion and the like."""
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case tuple():
            return f"[{', '.join(value)}]"
        case _:
            return str(value)


def _example(check: Check, example: Example) -> str:
    given = example_words(example)
    report = evaluate(example.look(check.kind), checks={check.name: check})
    said = "; ".join(dict.fromkeys(f"{finding.state}: {finding.message}" for finding in report.findings))
    return f"{given}" + (f" → {said}" if said else "")


def title_of(kind: Kind) -> str:
    """The heading under which checks of that kind stand."""
    return _TITLES[kind.name]


if __name__ == "__main__":
    document = Path(sys.argv[1])
    document.write_text(refreshed(document.read_text(encoding="utf-8")), encoding="utf-8")
