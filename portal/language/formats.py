"""Numbers and dates in the language in force, by CLDR. Digits are Latin in every language: docs/decisions.md."""

from datetime import date

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from portal.language.words import locale, spoken, t

# CLDR has no month names for Haitian Creole and gives the French ones. These are the language's own, as Haitian and
# Massachusetts offices write them.
HAITIAN = ("janvye", "fevriye", "mas", "avril", "me", "jen", "jiyè", "out", "septanm", "oktòb", "novanm", "desanm")


def number(value: float, digits: int = 0) -> str:
    """A number with thousands separators, such as 1,234; always with `digits` after the point."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return str(format_decimal(value, format=pattern, locale=locale()))


def months(*, short: bool = False) -> tuple[str, ...]:
    """The names of the twelve months, January first."""
    if spoken() == "ht":
        return tuple(name[:3] for name in HAITIAN) if short else HAITIAN
    names = locale().months["stand-alone"]["abbreviated" if short else "wide"]
    return tuple(names[at] for at in range(1, 13))


def _owned(text: str, when: date) -> str:
    """Babel's text, with the month's own name where Babel has borrowed it."""
    return text.replace(format_date(when, "MMMM", locale=locale()), HAITIAN[when.month - 1]) if spoken() == "ht" \
        else text


def day(iso: str) -> str:
    """A day in words: 2027-11-14 is November 14, 2027."""
    when = date.fromisoformat(iso)
    return _owned(str(format_date(when, "long", locale=locale())), when)


def month(when: date, *, year: bool = True) -> str:
    """A month in words: July 2027, or July alone."""
    if not year:
        return months()[when.month - 1]
    return _owned(str(format_skeleton("yMMMM", when, locale=locale())), when)


def short_month(when: date) -> str:
    """A month in as few letters as it is written: Jul 2027."""
    if spoken() == "ht":
        return f"{months(short=True)[when.month - 1]} {when.year}"
    return str(format_skeleton("yMMM", when, locale=locale()))


def span(start: str, end: str, *, short: bool = False) -> str:
    """Whole months in words: 2027-07-01 and 2027-09-30 are July to September 2027; `short`: Jul to Sep 2027."""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    if (first.year, first.month) == (last.year, last.month):
        return short_month(first) if short else month(first)
    if first.year == last.year:  # one text for both months: languages put the year in another place
        names = months(short=short)
        return t("{first} to {last} {year}", first=names[first.month - 1], last=names[last.month - 1], year=last.year)
    return t("{first} to {last}", first=short_month(first) if short else month(first),
             last=short_month(last) if short else month(last))
