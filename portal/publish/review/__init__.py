"""The review page: what an analyst and a colleague go through before a release is published. Counts, never a row."""
