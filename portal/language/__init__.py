"""Words, numbers and dates in the reader's language. For now there is one: English. Others follow through here."""

from datetime import date

LANGUAGES = {"en": "English"}
DEFAULT = "en"
MONTHS = ("January", "February", "March", "April", "May", "June",
          "July", "August", "September", "October", "November", "December")


def number(value: float, digits: int = 0) -> str:
    """A number with thousands separators, such as 1,234; `digits` after the point."""
    return f"{value:,.{digits}f}"


def day(iso: str) -> str:
    """A day in words: 2027-11-14 is November 14, 2027."""
    when = date.fromisoformat(iso)
    return f"{MONTHS[when.month - 1]} {when.day}, {when.year}"


def span(start: str, end: str) -> str:
    """Whole months in words: 2027-07-01 and 2027-09-30 are July to September 2027."""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    if (first.year, first.month) == (last.year, last.month):
        return f"{MONTHS[first.month - 1]} {first.year}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{MONTHS[first.month - 1]}{year} to {MONTHS[last.month - 1]} {last.year}"
