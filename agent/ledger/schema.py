"""The database's tables, as numbered steps; `PRAGMA user_version` says how many were taken. Steps are only ever added."""

MIGRATIONS: tuple[str, ...] = (
    # 1: performance counters, counted sample by sample
    """
    CREATE TABLE meta (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT;
    CREATE TABLE sample_totals (
        vcenter TEXT NOT NULL,     -- instanceUuid of the vCenter, or of the host's own management
        kind TEXT NOT NULL,        -- vm, host, resource_pool, cluster, datastore
        entity TEXT NOT NULL,      -- the object's stable id
        state TEXT NOT NULL,       -- see agent.ledger.sample_totals.to_json
        PRIMARY KEY (vcenter, kind, entity)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE sample_rounds (
        vcenter TEXT NOT NULL,
        kind TEXT NOT NULL,
        read_until INTEGER NOT NULL,   -- vCenter's clock at the last round that succeeded, epoch seconds
        PRIMARY KEY (vcenter, kind)
    ) STRICT, WITHOUT ROWID;
    """,
)
