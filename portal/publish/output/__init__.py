"""From counts to a release on disk: assembly, ledger, notes, preview, files."""
