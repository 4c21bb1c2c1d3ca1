"""A YAML 1.2 document as plain values, with the place in the file where each of them stands."""

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from agent.dataclass import dataclass
from agent.errors import ConfigError

CORE_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null")}
# YAML 1.2 has no timestamps; the parser knows them all the same, and would read a date where text is meant.
TIMESTAMP = "tag:yaml.org,2002:timestamp"

Location = tuple[str | int, ...]
"""Keys and list positions from the top of the document."""


class Position(NamedTuple):
    """Line and column, both counted from 1."""

    line: int
    column: int


class Problem(NamedTuple):
    """One mistake; `location` is empty for the document as a whole."""

    position: Position
    location: Location
    text: str

    def line(self, file: str) -> str:
        """`file:line:column: key.path: what is wrong`."""
        place = f"{file}:{self.position.line}:{self.position.column}"
        return f"{place}: {path(self.location)}: {self.text}" if self.location else f"{place}: {self.text}"


def path(location: Location) -> str:
    """`vcenters[0].tls.ca_file`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location).removeprefix(".")


def text_of(file: Path, most_bytes: int = -1) -> str:
    """The text of a file; of a longer one its first `most_bytes`, -1 for all.

    Raises:
        ConfigError: it cannot be read, or is not UTF-8.
    """
    try:
        with file.open("rb") as opened:
            return opened.read(most_bytes).decode()
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not UTF-8 text (byte {error.start})") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a YAML text says. `values` is None for an empty document, or for one that cannot be read at all."""

    values: Any = None
    positions: Mapping[Location, Position] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def position(self, location: Location) -> Position:
        """Where `location` stands; for a key that is not there, the place of what should hold it."""
        while location and location not in self.positions:
            location = location[:-1]
        return self.positions.get(location, Position(1, 1))

    def problem(self, location: Location, text: str) -> Problem:
        """A mistake at `location`."""
        return Problem(self.position(location), location, text)


def read(text: str) -> Document:
    """Never raises for what the text holds: syntax errors and duplicate keys are in `problems`."""
    yaml = YAML(typ="safe", pure=True)
    try:
        root = yaml.compose(text)
        if root is None:
            return Document()
        builder = _Builder(yaml)
        values = builder.value(root, (), ())
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
        what = " ".join(f"{error.context or ''} {error.problem or ''}".split())
        if "alias" in what:  # the parser's own words quote the alias, and a password may begin with an asterisk
            what = "an alias without its anchor; text that begins with * or & stands in quotes"
        return Document(problems=(Problem(position, (), f"not valid YAML: {what}"),))
    except YAMLError as error:
        # A character that YAML does not allow; the position is an offset, the character is named without its context.
        offset = getattr(error, "position", 0)
        before = text[:offset]
        position = Position(before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)
        return Document(problems=(Problem(position, (), "not valid YAML: a control character stands here"),))
    return Document(values=values, positions=builder.positions, problems=tuple(builder.problems))


class _Builder:
    """Turns composed nodes into values and remembers where they stood."""

    def __init__(self, yaml: YAML) -> None:
        self._yaml = yaml
        self.positions: dict[Location, Position] = {}
        self.problems: list[Problem] = []

    def value(self, node: Node, location: Location, ancestors: tuple[int, ...]) -> Any:
        """The value of `node`; `ancestors` are the nodes it stands in, for an alias may point to its own parent."""
        self.positions.setdefault(location, _position(node))
        if id(node) in ancestors:
            self.problems.append(Problem(_position(node), location, "an alias that contains itself"))
            return None
        inside = (*ancestors, id(node))
        if isinstance(node, MappingNode):
            return self._mapping(node, location, inside)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*location, index), inside) for index, item in enumerate(node.value)]
        return self._scalar(node, location)

    def _scalar(self, node: Node, location: Location) -> Any:
        if node.tag not in CORE_TAGS:
            if node.tag != TIMESTAMP:
                self.problems.append(Problem(_position(node), location, "a tag (!) that has no meaning here"))
            return str(node.value)
        try:
            return self._yaml.constructor.construct_object(node)
        except ValueError:
            self.problems.append(Problem(_position(node), location, "not a value of the type that its tag (!!) names"))
            return None

    def _mapping(self, node: MappingNode, location: Location, inside: tuple[int, ...]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if not isinstance(key_node, MappingNode | SequenceNode) else "?"
            here = (*location, key)
            if key in values:
                first = self.positions[here].line
                self.problems.append(
                    Problem(_position(key_node), here, f"the key is given twice, first on line {first}")
                )
                continue
            self.positions[here] = _position(key_node)
            values[key] = self.value(value_node, here, inside)
        return values


def _position(node: Node) -> Position:
    return Position(node.start_mark.line + 1, node.start_mark.column + 1)
