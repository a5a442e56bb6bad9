"""Stands in the place of a library that `make sbom` brings along, for the tests and all processes that they start:
jsonschema, and with it Altair, would use it and spend a second of each process on a parser of addresses.
"""

raise ImportError("left out in tests: nothing of the portal needs it")
