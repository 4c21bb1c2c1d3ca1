"""The `claims` part of the configuration: where the contract is."""

from pydantic import Field

from agent.config.file_names import FilePath
from agent.config.section import Section


class ClaimsConfig(Section):
    """The vendor's contract. docs/contract.md says what its folder holds."""

    folder: FilePath | None = Field(
        default=None,
        description="The folder with the contract and the vendor's papers. It is read again every few minutes; a mistake in it "
        "stops nothing but the claims. A relative name is looked up beside the configuration file.",
        examples=["/etc/checkmeter/contract"],
    )
