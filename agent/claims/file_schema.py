"""The JSON schema of all YAML files of a contract's folder, for editors that check while one types."""

from dataclasses import is_dataclass
from fractions import Fraction
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from agent.claims.parsing import KINDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Generator(GenerateJsonSchema):
    """No titles, which only repeat the keys; defaults where they are plain values."""

    def default_schema(self, schema: Any) -> Any:
        default = schema.get("default")
        if is_dataclass(default):
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def encode_default(self, dft: Any) -> Any:
        if isinstance(dft, Fraction):
            return int(dft) if dft.denominator == 1 else float(dft)
        return super().encode_default(dft)

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        return False


def files_schema() -> dict[str, Any]:
    """JSON Schema 2020-12: `kind` decides which of the files it is."""
    inputs = [(name, "validation", TypeAdapter(kind).core_schema) for name, kind in KINDS.items()]
    found, definitions = _Generator().generate_definitions(inputs)  # type: ignore[arg-type]  # the mode is a literal
    return {
        "$schema": DIALECT,
        "oneOf": [found[name, "validation"] for name in KINDS],
        "$defs": definitions,
    }
