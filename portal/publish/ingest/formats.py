"""Ways of writing a time: which the mapping may name, what contradicts itself in them, and which texts each one takes.

A sign of a `strptime` format takes as many digits as it has; where a separator stands on both sides a leading zero may
be missing. Signs that touch (`%m%d%Y`) take exactly their digits: nobody could tell 1112026 apart.
"""

import re
from collections.abc import Sequence

EPOCHS = {"epoch_s": "s", "epoch_ms": "ms", "epoch_ms_local": "ms"}
NAMED_FORMATS = ("iso", "iso_utc", *EPOCHS)
UTC_PREFIX = "utc:"  # before a strptime format: the clock of the text is UTC

_DIGITS = {"Y": (4, 4), "y": (2, 2), "m": (1, 2), "d": (1, 2), "j": (1, 3), "H": (1, 2), "I": (1, 2), "M": (1, 2),
           "S": (1, 2), "f": (1, 6)}  # fewest and most digits
_LETTERS = {"b": "[A-Za-z]{3}", "B": "[A-Za-z]{3,9}", "a": "[A-Za-z]{3}", "A": "[A-Za-z]{6,9}", "p": "[AaPp][Mm]",
            "z": "(?:Z|[+-][0-9]{2}:?[0-9]{2})"}
_ITEM = re.compile(r"%.|\s+|[^%\s]", re.DOTALL)
UTC_NAMES = ("Z", "UTC", "GMT")
_ZONE_LETTERS = re.compile(r"(?<![A-Za-z])(?:Z|UTC|GMT|[A-Z]{1,3}[SD]T)(?![A-Za-z])")
_ONCE = {"the year": "Yy", "the month": "mbBj", "the day": "dj", "the hour": "HI", "the zone": "zZ"}


def without_prefix(text: str) -> str:
    """A format without the word that its clock is UTC."""
    return text.removeprefix(UTC_PREFIX)


def format_fault(text: str) -> str:
    """What is wrong with a format, to follow its name in a sentence; empty when it can be read."""
    if text in NAMED_FORMATS:
        return ""
    form = without_prefix(text)
    if "%" not in form:
        return "is no way of writing times"
    signs = re.findall(r"%(.?)", form.replace("%%", ""), re.DOTALL)
    if strange := [sign for sign in signs if sign not in (*_DIGITS, *_LETTERS, "Z")]:
        return f"has %{strange[0]}, a sign that can't be read"
    return _contradiction(signs) or _letters_fault(form, in_utc=text != form, zone="z" in signs or "Z" in signs)


def formats_fault(texts: Sequence[str]) -> str:
    """What is wrong with several formats of one column together: each may be right alone."""
    names = {name for text in texts for name in zone_letters(text)}
    if len(names) > 1:
        letters = " and ".join(sorted(names))
        return f"takes {letters} as letters, and they tell an hour from its repeat in autumn (write one format with %Z)"
    return ""


def zone_letters(text: str) -> list[str]:
    """Names of time zones that stand in a format as letters."""
    return [] if text in NAMED_FORMATS else _ZONE_LETTERS.findall(re.sub("%.", " ", without_prefix(text)))


def _contradiction(signs: Sequence[str]) -> str:
    has = set(signs)
    for what, alternatives in _ONCE.items():
        if sum(signs.count(sign) for sign in alternatives) > 1:
            return f"gives {what} twice"
    if "p" in has and "H" in has:
        return "has %p beside %H, where it has no effect: afternoons would be read as mornings (write %I)"
    if "I" in has and "p" not in has:
        return "has %I without %p: nobody can tell mornings from afternoons (write %H if hours run to 23)"
    if ("M" in has and not has & {"H", "I"}) or ("S" in has and "M" not in has) or ("p" in has and "I" not in has):
        return "gives a part of the time of day without the part before it"
    if not (has & set("Yy") and ("j" in has or (has & set("mbB") and "d" in has))):
        return "does not give year, month and day"
    return ""


def _letters_fault(form: str, *, in_utc: bool, zone: bool) -> str:
    if in_utc and zone:
        return f"has an offset of its own (write it without {UTC_PREFIX})"
    if not in_utc and (names := [name for name in zone_letters(form) if name in UTC_NAMES]):
        return f"takes {names[0]} as a letter, and its clock would be taken for the local one (write %Z in its place)"
    return ""


def pattern(form: str) -> str:
    """A regular expression that a whole text must match to be read in a strptime format without %Z."""
    return "".join(part for _, part in _parts(form))


def end_of_day_pattern(form: str) -> str:
    """A regular expression of the texts that give 24:00; its groups are what stands before and after the 24. Empty
    where a format has no such text.
    """
    if "%H" not in form or "%M" not in form:
        return ""
    fixed = {"%H": ")24(", "%M": "00", "%S": "00", "%f": "0{1,6}"}
    return f"({''.join(fixed.get(item, part) for item, part in _parts(form))})"


def _parts(form: str) -> list[tuple[str, str]]:
    """The items of a format, each with its regular expression."""
    items = _ITEM.findall(form)
    near = ["", *items, ""]
    return [(item, _part(item, exact=_has_digits(near[at]) or _has_digits(near[at + 2])))
            for at, item in enumerate(items)]


def _part(item: str, *, exact: bool) -> str:
    if item.isspace():
        return r"\s+"
    if not item.startswith("%") or item == "%%":
        return re.escape(item[-1])
    if item[1] in _LETTERS:
        return _LETTERS[item[1]]
    fewest, most = _DIGITS[item[1]]
    return f"[0-9]{{{most if exact else fewest},{most}}}"


def _has_digits(item: str) -> bool:
    return item.isdigit() or (item.startswith("%") and item[1] in _DIGITS)
