"""What the contract says, set against what the ledger proves: pure, but for `agent.claims.folder`, which reads files."""
