"""The `storage` part of the configuration: how long the ledger keeps what."""

from pydantic import Field

from agent.config.section import Section

_TWO_MONTHS, _CENTURY = 62, 36_525


class StorageConfig(Section):
    """What the ledger keeps, and for how long. Evidence of outages it keeps for good."""

    personal_data_days: int | None = Field(
        default=None,
        ge=_TWO_MONTHS,
        le=_CENTURY,
        description="After so many days the ledger forgets, once a day, what is personal and no longer holds, as "
        "`checkmeter ledger purge` does (docs/data-protection.md). At least 62, so that last month's report is whole. Without it "
        "everything is kept.",
        examples=[400],
    )
