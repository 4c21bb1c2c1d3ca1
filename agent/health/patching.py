"""How far behind its maker a product is."""

from agent.model.builds import BuildTable, Product, Release


def behind_since(table: BuildTable, product: Product, version: str, running: Release) -> Release | None:
    """The first release of the same line (of 8.0.3 that is 8.0) after the one that runs; None if it is the newest known."""
    line = ".".join(version.split(".")[:2])
    newer = [
        release
        for (of, _), release in table.releases.items()
        if of == product and release.released > running.released and line in release.name
    ]
    return min(newer, key=lambda release: release.released, default=None)
