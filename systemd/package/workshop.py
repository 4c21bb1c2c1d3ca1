"""The environment that builds: pip, and the build backend in the versions of requirements-build.lock."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from agent.dataclass import dataclass
from systemd.package.failures import NotBuilt, run
from systemd.package.source_tree import SourceTree


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """A virtual environment that lasts as long as the building."""

    python: Path

    def pip(self, *arguments: str | Path) -> None:
        """Run pip quietly.

        Raises:
            NotBuilt: it failed, for instance for want of a package index.
        """
        run(self.python, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments)

    def distributions(self, tree: SourceTree, folder: Path) -> tuple[Path, Path]:
        """Build the wheel and the source distribution of `tree` into `folder`.

        Raises:
            NotBuilt: the build backend failed.
        """
        run(
            self.python,
            *("-m", "hatchling", "build", "--directory", folder.absolute()),
            environment={"SOURCE_DATE_EPOCH": str(tree.moment)},
            cwd=tree.root,
        )
        name = f"checkmeter-{tree.version}"
        return folder / f"{name}-py3-none-any.whl", folder / f"{name}.tar.gz"


@contextmanager
def workshop(tree: SourceTree) -> Iterator[Workshop]:
    """Make it in a temporary folder, and remove it in the end.

    Raises:
        NotBuilt: this Python cannot make an environment, or no package index can be reached.
    """
    with TemporaryDirectory(prefix="checkmeter-workshop-") as folder:
        try:
            run(sys.executable, "-m", "venv", folder)
        except NotBuilt as error:
            raise NotBuilt(f"{error.message}; on Debian: apt-get install python3-venv") from error
        made = Workshop(python=Path(folder) / "bin/python")
        made.pip("install", "--require-hashes", "-r", tree.root / "requirements-build.lock")
        yield made
