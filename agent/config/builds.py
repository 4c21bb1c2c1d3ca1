"""The table of releases: the one that comes with Checkmeter, and what the user's own file adds."""

from pathlib import Path

from agent.config.health import BuildsFile
from agent.config.side_files import read_side_file
from agent.model.builds import BuildTable, Release

SHIPPED = Path(__file__).with_name("builds.yaml")


def load_builds(own: Path | None = None) -> BuildTable:
    """Both tables as one; where they differ the user's holds, and the date is the later one.

    Raises:
        ConfigError: the user's file cannot be used.
    """
    table = _table(read_side_file(SHIPPED, BuildsFile))
    if own is None:
        return table
    more = _table(read_side_file(own, BuildsFile))
    dates = [one.dated for one in (table, more) if one.dated is not None]
    return BuildTable(
        dated=max(dates),
        releases={**table.releases, **more.releases},
        support_ends={**table.support_ends, **more.support_ends},
    )


def _table(file: BuildsFile) -> BuildTable:
    return BuildTable(
        dated=file.dated,
        releases={
            (product, build): Release(name=one.name, released=one.released)
            for product, builds in file.releases.items()
            for build, one in builds.items()
        },
        support_ends={
            (product, line): day for product, lines in file.support_ends.items() for line, day in lines.items()
        },
    )
