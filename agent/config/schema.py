"""The JSON schema of the configuration file, for editors."""

from datetime import timedelta
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from agent.config.durations import format_duration
from agent.config.model import Config

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Generator(GenerateJsonSchema):
    """Defaults as one would write them in the file; no titles, which would only repeat the keys."""

    def encode_default(self, dft: Any) -> Any:
        return format_duration(dft) if isinstance(dft, timedelta) else super().encode_default(dft)

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        return False


def json_schema() -> dict[str, Any]:
    """JSON Schema 2020-12. Bounds of durations stand in the descriptions, which a schema cannot check."""
    return {"$schema": DIALECT, **Config.model_json_schema(schema_generator=_Generator)}
