"""The wheelhouse: every wheel that is needed, in one archive, for machines that reach no package index."""

import io
import tarfile
from collections.abc import Sequence
from pathlib import Path

from systemd.package.source_tree import SourceTree
from systemd.package.wheels import Wheel

HOW = """\
Checkmeter {version} for a machine without a package index: Linux on {machines}, Python {pythons}.

  python3 -m venv /opt/checkmeter
  /opt/checkmeter/bin/pip install --no-index --find-links . --require-hashes -r requirements.lock
  /opt/checkmeter/bin/pip install --no-index --no-deps --find-links . checkmeter=={version}

pip holds every file against the hashes in requirements.lock. checkmeter-{version}.cdx.json says what each one is.
"""


def wheelhouse(tree: SourceTree, own: Wheel, wheels: Sequence[Wheel], *, bill: str, how: str, folder: Path) -> Path:
    """Write `checkmeter-VERSION-wheelhouse.tar` into `folder`; the same wheels give the same bytes."""
    name = f"checkmeter-{tree.version}-wheelhouse"
    lock = (tree.root / "requirements.lock").read_bytes()
    contents = {
        "README": how.encode(),
        "requirements.lock": lock,
        f"checkmeter-{tree.version}.cdx.json": bill.encode(),
        **{wheel.path.name: wheel.path.read_bytes() for wheel in (own, *wheels)},
    }
    archive = folder / f"{name}.tar"
    # Not compressed: wheels are.
    with tarfile.open(archive, "w", format=tarfile.GNU_FORMAT) as tar:
        for file, content in sorted(contents.items()):
            entry = tarfile.TarInfo(f"{name}/{file}")
            entry.size, entry.mtime, entry.mode = len(content), tree.moment, 0o644
            tar.addfile(entry, io.BytesIO(content))
    return archive
