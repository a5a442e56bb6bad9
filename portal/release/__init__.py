"""The published dataset: opened read-only, queried in SQL (by queries.py alone), verified."""
