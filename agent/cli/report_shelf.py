"""The reports that lie in the state folder, as the web serves them."""

import re
from pathlib import Path

REPORTS = "reports"
"""Their folder, in the state folder."""
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}", re.ASCII)
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*", re.ASCII)


class ReportShelf:
    """Reads what is there when it is asked; files below a month's folder are not served, nor is anything beside it."""

    def __init__(self, folder: Path) -> None:
        """`folder` may come later, or never."""
        self._folder = folder

    def months(self) -> dict[str, tuple[str, ...]]:
        """The names of each month's files, the newest month first."""
        try:
            found = sorted((one for one in self._folder.iterdir() if _MONTH.fullmatch(one.name)), reverse=True)
            return {one.name: tuple(sorted(file.name for file in one.iterdir() if file.is_file())) for one in found}
        except OSError:
            return {}

    def read(self, month: str, name: str) -> bytes | None:
        """One file; None if there is none."""
        if not (_MONTH.fullmatch(month) and _FILE.fullmatch(name)):
            return None
        file = self._folder / month / name
        try:
            return None if file.is_symlink() else file.read_bytes()
        except OSError:
            return None
