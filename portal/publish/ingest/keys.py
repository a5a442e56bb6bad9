"""Finds unusable keys of incidents and persons: placeholders, truncated numbers, and two spellings of one key.

A placeholder (NULL, UNKNOWN, 0) would make one person of many. So would numbers that a spreadsheet truncated
(1.00260E+12, or zeros after the 15th digit, where Excel's numbers end). One key written in two ways would make two
persons of one.
"""

from collections.abc import Callable
from itertools import product

import numpy as np
import pandas as pd

from portal.publish.ingest.table import CHUNK

ERROR_CELLS = ("#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!", "#getting_data", "#spill!", "#calc!")
PLACEHOLDERS = ("null", "none", "nil", "nan", "nat", "na", "n/a", "n.a.", "n.a", "unknown", "unk", "undefined", "tbd",
                "tba", "blank", "empty", "missing", "refused", "invalid", "test", "not available", "not applicable",
                "not recorded", "not known", "not given", "not provided", "no id", "no key", "no number",
                "total", "totals", "grand total", "subtotal", "sum", "count", "average",  # of a row that is no call
                "none given", "john doe", "jane doe", "doe, john", "doe, jane", "\\n")
BRACKETS = (("(", ")"), ("<", ">"), ("[", "]"))
PLACEHOLDER_KEYS = frozenset([*ERROR_CELLS, *PLACEHOLDERS, *(f"{opening}{word}{closing}" for word, (opening, closing) in
                                                             product(PLACEHOLDERS, BRACKETS))])
SIGNS = r"[-–—_.?*/\\xX# ]+"  # "-", "?", "XXX": nothing but signs
DIGITS = "|".join(["0+", "0*1234567890?", *(f"{digit}{{7,}}" for digit in range(1, 10))])
TRUNCATED = r"[0-9](?:[.,][0-9]+)?[Ee]\+[0-9]+"
LONG, ROUNDED = "[0-9]{16,}", "[0-9]{15}0+"  # a spreadsheet holds 15 digits of a number
FEWEST_ROUNDED = 3  # of so many long numbers one at least would end otherwise


def is_placeholder(texts: pd.Series, *, parts: int = 1) -> pd.Series:
    """Whether a text is a word or number that stands for no key. Of keys joined from several `parts`, whether a part
    is such a word; a part may well be 0.
    """
    lower = texts.str.lower()
    if parts > 1:
        has_placeholder = lower.str.split(" ").map(lambda words: any(word in PLACEHOLDER_KEYS for word in words))
        return has_placeholder.astype(bool)
    return lower.isin(PLACEHOLDER_KEYS) | texts.str.fullmatch(f"{SIGNS}|{DIGITS}")


def is_error_cell(text: str) -> bool:
    """Whether a text is what a spreadsheet writes where it could not work a value out."""
    return text.lower() in ERROR_CELLS


def is_placeholder_code(code: str, column: str) -> bool:
    """Whether a code of one of the portal's columns means "not known". A type of call may well be "test"."""
    return is_error_cell(code) or (column != "call_type" and code.lower() in PLACEHOLDER_KEYS)


def is_truncated(texts: pd.Series) -> pd.Series:
    """Whether a key is a number that a spreadsheet rounded to its first digits."""
    truncated = texts.str.fullmatch(TRUNCATED)
    long = texts.str.fullmatch(LONG)
    if long.sum() >= FEWEST_ROUNDED:
        rounded = long & texts.str.fullmatch(ROUNDED)
        if rounded.sum() == long.sum():
            truncated |= rounded
    return truncated


def find_variants(keys: pd.Series, *, parts: int = 1) -> tuple[pd.Series, pd.Series]:
    """For each key, whether another one differs from it only by leading zeros, letter case, blanks or hyphens; and
    whether it is such a variant of a key that stands in an earlier row. Blank keys are no keys.
    """
    none = pd.Series(False, keys.index)
    filled = keys[keys != ""]
    if filled.empty or _uniformly_written(filled):
        return none, none
    forms = _hashes(filled, lambda part: normal_form(part, parts=parts))
    order = np.argsort(forms, kind="stable")
    group = np.cumsum(np.diff(forms[order], prepend=forms[order[0]]) != 0)
    written = _hashes(filled, lambda part: part)[order]
    first = written[np.searchsorted(group, group)]
    other = written != first
    both, later = np.zeros(len(filled), dtype=bool), np.zeros(len(filled), dtype=bool)
    both[order] = np.isin(group, group[other])
    later[order] = other
    return _flags(none, filled, both), _flags(none, filled, later)


def _flags(none: pd.Series, filled: pd.Series, where: np.ndarray) -> pd.Series:
    result = none.copy()
    result[filled.index[where]] = True
    return result


def _uniformly_written(keys: pd.Series) -> bool:
    """Whether all keys have one length and one letter case, as most systems write them: then none are alike."""
    lengths = keys.str.len()
    if lengths.min() != lengths.max():
        return False
    parts = [keys.iloc[at:at + CHUNK] for at in range(0, len(keys), CHUNK)]
    return all(part.str.lower().equals(part) for part in parts) or all(part.str.upper().equals(part) for part in parts)


def normal_form(keys: pd.Series, *, parts: int = 1) -> pd.Series:
    """Keys in small letters, without leading zeros, blanks, a spreadsheet's .0, and hyphens that part no numbers."""
    forms = keys.str.lower().str.replace(r"\.0+$", "", regex=True)
    forms = forms.str.replace(r"[\s\u00a0]+", "" if parts == 1 else "|", regex=True)
    for _ in range(2):  # 1-1-1: a match takes both of its digits
        forms = forms.str.replace(r"([0-9])[-_/]+([0-9])", r"\1|\2", regex=True)
    forms = forms.str.replace(r"[-_/]+", "", regex=True)
    forms = forms.str.replace(r"^([a-z]*)0+([0-9]+)$", r"\1\2", regex=True)
    return forms.str.replace(r"^([0-9a-z]+\|)0+([0-9]+)$", r"\1\2", regex=True)


def _hashes(keys: pd.Series, form: Callable[[pd.Series], pd.Series]) -> np.ndarray:
    """An 8-byte hash of each key's form: a table of all keys would take as much memory as all rows."""
    hashes = np.empty(len(keys), dtype=np.uint64)
    for at in range(0, len(keys), CHUNK):
        part = form(keys.iloc[at:at + CHUNK]).to_numpy(dtype=object)
        hashes[at:at + CHUNK] = pd.util.hash_array(part, categorize=False)
    return hashes
