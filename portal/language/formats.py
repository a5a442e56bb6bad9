"""Numbers and dates in the language in force, by CLDR."""

from datetime import date

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from portal.language.words import spoken, t


def _locale() -> str:
    return spoken().replace("-", "_")


def number(value: float, digits: int = 0) -> str:
    """A number with thousands separators, such as 1,234; always with `digits` after the point."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return str(format_decimal(value, format=pattern, locale=_locale()))


def day(iso: str) -> str:
    """A day in words: 2027-11-14 is November 14, 2027."""
    return str(format_date(date.fromisoformat(iso), "long", locale=_locale()))


def month(when: date, *, year: bool = True) -> str:
    """A month in words: July 2027, or July alone."""
    if not year:
        return str(format_date(when, "LLLL", locale=_locale()))
    return str(format_skeleton("yMMMM", when, locale=_locale()))


def span(start: str, end: str) -> str:
    """Whole months in words: 2027-07-01 and 2027-09-30 are July to September 2027."""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    if (first.year, first.month) == (last.year, last.month):
        return month(first)
    return t("{first} to {last}", first=month(first, year=first.year != last.year), last=month(last))
