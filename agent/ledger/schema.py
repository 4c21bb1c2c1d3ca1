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
    # 2: the ledger's evidence. Times are microseconds since 1970 UTC, on vCenter's clock; `learned` on the agent's.
    # Rows are only ever added; `seq` counts them over all tables, `hash` chains them (agent.ledger.chain).
    """
    CREATE TABLE chain_head (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        seq INTEGER NOT NULL,
        hash BLOB NOT NULL
    ) STRICT;
    INSERT INTO chain_head VALUES (1, 0, zeroblob(32));
    CREATE TABLE vcenters (
        seq INTEGER PRIMARY KEY,
        uuid TEXT NOT NULL UNIQUE,     -- instanceUuid; the configured name of a host that has none
        name TEXT NOT NULL,            -- as configured when first seen
        learned INTEGER NOT NULL,
        hash BLOB NOT NULL
    ) STRICT;
    CREATE TABLE events (
        seq INTEGER PRIMARY KEY,
        vcenter INTEGER NOT NULL REFERENCES vcenters (seq),
        key INTEGER NOT NULL,
        created INTEGER NOT NULL,
        learned INTEGER NOT NULL,
        chain INTEGER NOT NULL,
        kind TEXT NOT NULL,
        user TEXT,
        message TEXT,
        vm TEXT,
        vm_name TEXT,
        host TEXT,
        host_name TEXT,
        cluster TEXT,
        datastore TEXT,
        datastore_name TEXT,
        datacenter TEXT,
        fields TEXT NOT NULL,          -- JSON object
        hash BLOB NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX events_once ON events (vcenter, key, created);
    CREATE INDEX events_in_time ON events (vcenter, created);
    CREATE INDEX events_of_vm ON events (vcenter, vm, created) WHERE vm IS NOT NULL;
    CREATE INDEX events_of_platform ON events (vcenter, created) WHERE vm IS NULL;
    CREATE INDEX events_server_started ON events (vcenter, created) WHERE kind = 'ServerStartedSessionEvent';
    CREATE TABLE undecodable_events (
        seq INTEGER PRIMARY KEY,
        vcenter INTEGER NOT NULL REFERENCES vcenters (seq),
        identity TEXT NOT NULL,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        learned INTEGER NOT NULL,
        reason TEXT NOT NULL,
        hash BLOB NOT NULL,
        UNIQUE (vcenter, identity)
    ) STRICT;
    CREATE TABLE observations (
        seq INTEGER PRIMARY KEY,
        vcenter INTEGER NOT NULL REFERENCES vcenters (seq),
        kind TEXT NOT NULL,            -- vm, host, datastore
        moid TEXT NOT NULL,
        path TEXT NOT NULL,
        value TEXT,
        at INTEGER NOT NULL,
        learned INTEGER NOT NULL,
        pushed INTEGER NOT NULL,
        hash BLOB NOT NULL
    ) STRICT;
    CREATE INDEX observations_of ON observations (vcenter, kind, moid, path, seq);
    CREATE TABLE samples (
        seq INTEGER PRIMARY KEY,
        vcenter INTEGER NOT NULL REFERENCES vcenters (seq),
        moid TEXT NOT NULL,
        counter TEXT NOT NULL,
        at INTEGER NOT NULL,
        interval_s INTEGER NOT NULL,
        value INTEGER NOT NULL,
        learned INTEGER NOT NULL,
        hash BLOB NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX samples_once ON samples (vcenter, moid, counter, at);
    CREATE TABLE spans (
        seq INTEGER PRIMARY KEY,
        vcenter INTEGER NOT NULL REFERENCES vcenters (seq),
        kind TEXT NOT NULL,            -- covered, watched, away, running, clock_jump
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        learned INTEGER NOT NULL,
        hash BLOB NOT NULL
    ) STRICT;
    CREATE INDEX spans_of ON spans (vcenter, kind, end);
    -- Spans that still grow; each becomes a row of `spans` when it ends, and at least every quarter of an hour.
    CREATE TABLE growing_spans (
        vcenter INTEGER NOT NULL REFERENCES vcenters (seq),
        kind TEXT NOT NULL,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        first_learned INTEGER NOT NULL,
        learned INTEGER NOT NULL,
        PRIMARY KEY (vcenter, kind)
    ) STRICT, WITHOUT ROWID;
    -- What vCenter says it keeps: no evidence, only needed to name why older events are missing.
    CREATE TABLE retentions (
        vcenter INTEGER PRIMARY KEY REFERENCES vcenters (seq),
        days INTEGER,                  -- NULL: for ever
        read_at INTEGER NOT NULL
    ) STRICT;
    """,
    # 3: what objects were like from day to day and when they changed, and what each hour was like (agent.ledger.facts).
    # `content` is JSON, deflated; with `base`, that row's JSON was the preset dictionary.
    """
    CREATE TABLE facts (
        seq INTEGER PRIMARY KEY,
        vcenter INTEGER NOT NULL REFERENCES vcenters (seq),
        kind TEXT NOT NULL,            -- vms, hosts, ...: agent.model.facts.KINDS; inventory: what belongs to no object
        object TEXT NOT NULL,          -- vm_id of a VM, moid of others
        at INTEGER NOT NULL,
        learned INTEGER NOT NULL,
        unchanged_until INTEGER,
        base INTEGER REFERENCES facts (seq),
        content BLOB,                  -- NULL: it had gone
        hash BLOB NOT NULL
    ) STRICT;
    CREATE INDEX facts_of ON facts (vcenter, kind, object, at, seq);
    CREATE TABLE hour_facts (
        seq INTEGER PRIMARY KEY,
        vcenter INTEGER NOT NULL REFERENCES vcenters (seq),
        hour INTEGER NOT NULL,         -- its beginning; an hour may have several rows, which add up
        learned INTEGER NOT NULL,
        content BLOB NOT NULL,
        hash BLOB NOT NULL
    ) STRICT;
    CREATE INDEX hour_facts_of ON hour_facts (vcenter, hour);
    """,
    # 4: when health findings began, changed and were over (agent.ledger.findings); times are the agent's.
    """
    CREATE TABLE findings (
        seq INTEGER PRIMARY KEY,
        vcenter INTEGER NOT NULL REFERENCES vcenters (seq),
        check_name TEXT NOT NULL,
        kind TEXT NOT NULL,            -- vm, host, ...
        object TEXT NOT NULL,          -- vm_id of a VM, moid of others
        part TEXT NOT NULL,
        name TEXT NOT NULL,
        state TEXT NOT NULL,           -- info, warning, critical, gone
        message TEXT NOT NULL,
        at INTEGER NOT NULL,
        learned INTEGER NOT NULL,
        hash BLOB NOT NULL
    ) STRICT;
    CREATE INDEX findings_of ON findings (vcenter, seq);
    """,
    # 5: what is personal stands apart from what proves, so that it can be taken out later while the chain goes on holding
    # (agent.ledger.private_parts, agent.ledger.purge). `seal` is the SHA-256 of `salt` and `private` and is part of the row's
    # hash; where `private` and `salt` are gone, it was purged. Rows of before have no seal, and their texts in the columns.
    """
    ALTER TABLE events ADD COLUMN private TEXT;             -- JSON: user, message, fields
    ALTER TABLE events ADD COLUMN salt BLOB;
    ALTER TABLE events ADD COLUMN seal BLOB;
    ALTER TABLE undecodable_events ADD COLUMN private TEXT; -- JSON: reason
    ALTER TABLE undecodable_events ADD COLUMN salt BLOB;
    ALTER TABLE undecodable_events ADD COLUMN seal BLOB;
    ALTER TABLE findings ADD COLUMN private TEXT;           -- JSON: message
    ALTER TABLE findings ADD COLUMN salt BLOB;
    ALTER TABLE findings ADD COLUMN seal BLOB;
    -- What people wrote and addresses, of an object of `facts`: those hold from here on until the next row of the object.
    CREATE TABLE fact_texts (
        seq INTEGER PRIMARY KEY,
        vcenter INTEGER NOT NULL REFERENCES vcenters (seq),
        kind TEXT NOT NULL,
        object TEXT NOT NULL,
        at INTEGER NOT NULL,
        learned INTEGER NOT NULL,
        hash BLOB NOT NULL,
        private BLOB,                  -- JSON, deflated
        salt BLOB,
        seal BLOB
    ) STRICT;
    CREATE INDEX fact_texts_of ON fact_texts (vcenter, kind, object, seq);
    CREATE TABLE purges (
        seq INTEGER PRIMARY KEY,
        purged_until INTEGER NOT NULL, -- what happened, or ceased to be so, before this
        row_count INTEGER NOT NULL,
        learned INTEGER NOT NULL,
        hash BLOB NOT NULL
    ) STRICT;
    CREATE INDEX events_purged ON events (seq) WHERE private IS NULL AND seal IS NOT NULL;
    CREATE INDEX undecodable_events_purged ON undecodable_events (seq) WHERE private IS NULL AND seal IS NOT NULL;
    CREATE INDEX findings_purged ON findings (seq) WHERE private IS NULL AND seal IS NOT NULL;
    CREATE INDEX fact_texts_purged ON fact_texts (seq) WHERE private IS NULL AND seal IS NOT NULL;
    """,
    # 6: the ledgers that a merged one was made from (agent.ledger.merging)
    """
    CREATE TABLE origins (
        seq INTEGER PRIMARY KEY,
        head_seq INTEGER NOT NULL,     -- of the ledger as it was merged
        head_hash BLOB NOT NULL,
        members TEXT NOT NULL,         -- JSON: the numbers here of its rows of vcenters and purges
        learned INTEGER NOT NULL,
        hash BLOB NOT NULL
    ) STRICT;
    """,
)
