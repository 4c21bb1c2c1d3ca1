"""How a mistake in a file is told: pydantic's findings in plain words, with what stands in the file."""

import re
from typing import Any

from agent.config.document import Location

PLAIN_WORDS = {
    "missing": "this key is required",
    "string_type": "must be text (put it in quotes)",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list, each item starting with `- `",
    "dataclass_type": "must be a section of keys, indented below this one",
    "dict_type": "must be a section of keys, indented below this one",
    "date_type": "must be a date, such as 2026-01-01",
    "date_parsing": "must be a date, such as 2026-01-01",
    "date_from_datetime_parsing": "must be a date, such as 2026-01-01",
    "enum": "must be one of {expected}",
    "literal_error": "must be {expected}",
    "model_type": "must be a section of keys, indented below this one",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}
_LONGEST_SHOWN = 60


def value_at(values: Any, location: Location) -> Any:
    """What stands at a location."""
    for step in location:
        values = values[step]
    return values


def got(value: Any) -> str:
    """The offending value as it will fit on a line; whatever could be a user:password in an address is left out."""
    if isinstance(value, dict | list):
        kind = "section" if isinstance(value, dict) else "list"
        return f" [got {'a' if value else 'an empty'} {kind}]"
    shown = re.sub(r"//[^/]*@", "//…@", repr(value)) if value is not None else "nothing"
    return f" [got {shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + '…'}]"
