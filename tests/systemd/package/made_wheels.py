"""Small wheels, made for one test."""

import zipfile
from pathlib import Path

from systemd.package.wheels import Wheel, read_wheel


def wheel(folder: Path, file: str, *headers: str, **contents: str) -> Wheel:
    """A wheel of that file name, with these lines in its metadata and these further files; the same bytes whenever it is made."""
    name, version = file.split("-")[:2]
    with zipfile.ZipFile(folder / file, "w") as archive:
        metadata = [f"Name: {name}", f"Version: {version}", *headers, "", "About it."]
        archive.writestr(zipfile.ZipInfo(f"{name}-{version}.dist-info/METADATA"), "\n".join(metadata))
        for path, content in {f"{name}/__init__.py": "", **contents}.items():
            archive.writestr(zipfile.ZipInfo(path), content)
    return read_wheel(folder / file)
