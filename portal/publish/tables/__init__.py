"""From calls to counts: derived categories, tables, runs of quarters."""
