"""The published numbers for other programs: API, OpenAPI, feeds, calendar, catalogue, downloads."""
