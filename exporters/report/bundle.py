"""All files of a report, with the sums that prove them. Pure: the same month gives the same bytes."""

import hashlib
from collections.abc import Mapping, Sequence

from agent.model.month_report import MonthReport
from exporters.report.annexes import annexes
from exporters.report.page import render

SUMS = "SHA256SUMS"
CONTRACT = "contract"
"""The folder of the copies of the contract's files."""


def bundle(report: MonthReport, languages: Sequence[str], copies: Mapping[str, bytes]) -> dict[str, bytes]:
    """Every file by its name within the report's folder, SHA256SUMS last.

    Args:
        report: The month.
        languages: Of the pages.
        copies: The contract folder's files by name.
    """
    files = {f"report-{code}.html": render(report, code).encode() for code in languages}
    files |= annexes(report)
    files |= {f"{CONTRACT}/{name}": content for name, content in copies.items()}
    files[SUMS] = sums(files, report.previous, _month_before(report.result.month))
    return files


def sums(files: Mapping[str, bytes], previous: str | None, month_before: str) -> bytes:
    """As `sha256sum` writes and checks them; last month's sums are one of the lines, which chains the months."""
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in sorted(files.items())]
    if previous is not None:
        lines.append(f"{previous}  ../{month_before}/{SUMS}")
    return ("\n".join(lines) + "\n").encode()


def _month_before(name: str) -> str:
    year, number = map(int, name.split("-"))
    return f"{year - (number == 1):04}-{(number - 2) % 12 + 1:02}"
