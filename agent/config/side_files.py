"""Files that the configuration names, read the same way: YAML 1.2, every mistake with its line."""

from operator import attrgetter
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from agent.config import document
from agent.config.section import Section
from agent.errors import ConfigError

S = TypeVar("S", bound=Section)
_PLAIN_WORDS = {"extra_forbidden": "unknown key", "missing": "this key is required"}


def read_side_file(path: Path, model: type[S]) -> S:
    """What a file says, as `model`.

    Raises:
        ConfigError: it cannot be read, or with one line for each mistake.
    """
    read = document.read(document.text_of(path))
    problems = list(read.problems)
    if not problems:
        try:
            return model.model_validate(read.values if read.values is not None else {})
        except ValidationError as invalid:
            problems += [
                read.problem(error["loc"], _PLAIN_WORDS.get(error["type"], error["msg"])) for error in invalid.errors()
            ]
    raise ConfigError(*(problem.line(str(path)) for problem in sorted(problems, key=attrgetter("position"))))
