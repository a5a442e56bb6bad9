"""The contract: what a release may hold, as data (contract.toml) with typed access to it."""
