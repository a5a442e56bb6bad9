"""The published dataset: its contract, opened read-only, asked in SQL (queries.py alone), verified."""
