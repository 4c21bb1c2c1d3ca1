"""Which snapshots are a backup product's own: vCheck's list of names, and some more."""

import re

from agent.model.snapshot import SnapshotNode

_OF_BACKUP = re.compile(
    r"VCB|Consolidate|veeam|NBU_SNAPSHOT|GX_BACKUP|RUBRIK|cohesity|avamar|networker|_VPROXY_|commvault|nakivo|acronis",
    re.IGNORECASE,
)


def is_of_backup(snapshot: SnapshotNode) -> bool:
    """Whether a backup product took it, by its name or description."""
    return bool(_OF_BACKUP.search(snapshot.name or "") or _OF_BACKUP.search(snapshot.description or ""))
