"""The `labels` part of the configuration: which tags and custom attributes may be shown."""

from typing import Annotated

from pydantic import Field, Strict

from agent.config.section import Section


class LabelsConfig(Section):
    """Tags and custom attributes that are shown: as metrics, as columns of the inventory, to service discovery.

    Nothing is shown that is not named here: people write what they like into them, passwords too.
    """

    attributes: Annotated[tuple[str, ...], Strict(strict=False)] = Field(
        default=(), description="Names of custom attributes.", examples=["[Owner, Cost centre]"]
    )
    tags: Annotated[tuple[str, ...], Strict(strict=False)] = Field(
        default=(),
        description="Names of tag categories. They are read over vCenter's REST API, which needs Read-only as a global "
        "permission; without any, REST is not used.",
        examples=["[Tier]"],
    )
