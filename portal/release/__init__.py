"""The published dataset: its contract, opened read-only, queried in SQL (queries.py alone), verified."""
