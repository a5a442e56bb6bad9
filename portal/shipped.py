"""Marks what is read from files that come with the code: parsed at first use, then the same for as long as the process
lives. The only cache without a limit; docs/operating.md lists all of them.
"""

from functools import cache

shipped = cache
