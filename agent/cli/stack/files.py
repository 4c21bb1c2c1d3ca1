"""The dashboards, rules and samples that come with the agent: where they are, and copies of them for others.

They are not made or changed here: what is written is byte for byte what the project's tests have proven.
"""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from agent.errors import AgentError

NOT_FOR_USERS = ("__init__.py", "py.typed", "not_shown.yml")
FOLDERS_NOT_FOR_USERS = ("__pycache__", "boards", "health", "tests")


class FilesExist(AgentError):
    """Files there differ from ours, so that somebody may have changed them: exit 1."""


def shipped() -> Iterator[tuple[Path, bytes]]:
    """Every file for users: its path within the folder, and its bytes, by name.

    Raises:
        AgentError: the package was installed without them.
    """
    root = Path(str(files("dashboards")))
    if not (root / "prometheus/rules").is_dir():
        raise AgentError(f"no dashboards in {root}", cure="install the agent anew, from its wheel or from a clone")
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        if path.is_file() and inside.name not in NOT_FOR_USERS and not set(inside.parts) & set(FOLDERS_NOT_FOR_USERS):
            yield inside, path.read_bytes()


def export(folder: Path, *, overwrite: bool = False) -> int:
    """Write all of them below `folder`; the number of files.

    Raises:
        FilesExist: a file of that name is there with other contents, and `overwrite` is not set. Nothing was written.
        OSError: it cannot be written.
    """
    ours = dict(shipped())
    changed = sorted(
        str(folder / inside)
        for inside, data in ours.items()
        if (folder / inside).exists() and (folder / inside).read_bytes() != data
    )
    if changed and not overwrite:
        raise FilesExist(
            f"{len(changed)} files in {folder} differ from those of this version, the first is {changed[0]}",
            cure="choose an empty folder to compare with, or --overwrite",
        )
    for inside, data in ours.items():
        (folder / inside).parent.mkdir(parents=True, exist_ok=True)
        (folder / inside).write_bytes(data)
    return len(ours)
