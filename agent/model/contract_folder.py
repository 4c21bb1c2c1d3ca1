"""All files that the customer keeps about one contract, read and checked."""

from collections.abc import Mapping
from dataclasses import field

from agent.dataclass import dataclass
from agent.model.contract import Contract
from agent.model.contract_files import Bill, Exclusion, Notice, ReceivedIncident, SourceFile, VendorReport


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFolder:
    """What `agent.claims.folder` made of the files; every reference between them holds."""

    contracts: tuple[Contract, ...]
    """the revisions, oldest first; at least one, all of the same name"""
    notices: tuple[Notice, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    reports: Mapping[str, VendorReport] = field(default_factory=dict)
    """by month (`2026-10`)"""
    incidents: tuple[ReceivedIncident, ...] = ()
    """of all reports and CSV files, in order of their begin"""
    bills: Mapping[str, Bill] = field(default_factory=dict)
    """by month"""
    files: tuple[SourceFile, ...] = ()
    """everything that was read, by name, with its SHA-256"""
