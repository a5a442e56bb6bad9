"""The builder: verified copies of releases, rendered ahead and precompressed, before anybody asks."""
