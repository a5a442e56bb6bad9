"""Keys of incidents and persons that join what does not belong together, or part what does.

Words that stand for no key (NULL, UNKNOWN, 0) would make one person of many. So would numbers that a spreadsheet cut
short (1.00260E+12, or zeros after the 15th digit, where Excel's numbers end). One key written in two ways would make
two persons of one.
"""

from collections.abc import Callable
from itertools import product

import numpy as np
import pandas as pd

from portal.publish.ingest.table import CHUNK

ERROR_CELLS = ("#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!", "#getting_data", "#spill!", "#calc!")
NO_WORDS = ("null", "none", "nil", "nan", "nat", "na", "n/a", "n.a.", "n.a", "unknown", "unk", "undefined", "tbd",
            "tba", "blank", "empty", "missing", "refused", "invalid", "test", "not available",
            "not applicable", "not recorded", "not known", "not given", "not provided", "no id", "no key", "no number",
            "total", "totals", "grand total", "subtotal", "sum", "count", "average",  # of a row that is no call
            "none given", "john doe", "jane doe", "doe, john", "doe, jane", "\\n")
NO_KEY = frozenset([*ERROR_CELLS, *NO_WORDS, *(f"{left}{word}{right}" for word, (left, right) in
                                               product(NO_WORDS, (("(", ")"), ("<", ">"), ("[", "]"))))])
SIGNS = r"[-–—_.?*/\\xX# ]+"  # "-", "?", "XXX": nothing but signs
DIGITS = "|".join(["0+", "0*1234567890?", *(f"{digit}{{7,}}" for digit in range(1, 10))])
CUT_SHORT = r"[0-9](?:[.,][0-9]+)?[Ee]\+[0-9]+"
LONG, ROUNDED = "[0-9]{16,}", "[0-9]{15}0+"  # a spreadsheet holds 15 digits of a number
FEWEST_ROUNDED = 3  # of so many long numbers one at least would end otherwise


def means_nothing(texts: pd.Series, *, parts: int = 1) -> pd.Series:
    """Whether a text is a word or number that stands for none. Of keys joined of several `parts`, whether a part is
    such a word; a part may well be 0.
    """
    small = texts.str.lower()
    if parts > 1:
        distinct = small.str.split(" ").map(lambda words: any(word in NO_KEY for word in words))
        return distinct.astype(bool)
    return small.isin(NO_KEY) | texts.str.fullmatch(f"{SIGNS}|{DIGITS}")


def is_error_cell(text: str) -> bool:
    """Whether a text is what a spreadsheet writes where it could not work a value out."""
    return text.lower() in ERROR_CELLS


def stands_for_nothing(code: str, column: str) -> bool:
    """Whether a code of one of the portal's columns says that nothing is known. A type of call may well be "test"."""
    return is_error_cell(code) or (column != "call_type" and code.lower() in NO_KEY)


def cut_short(texts: pd.Series) -> pd.Series:
    """Whether a key is a number of which a spreadsheet kept the first digits alone."""
    short = texts.str.fullmatch(CUT_SHORT)
    long = texts.str.fullmatch(LONG)
    if long.sum() >= FEWEST_ROUNDED:
        rounded = long & texts.str.fullmatch(ROUNDED)
        if rounded.sum() == long.sum():
            short |= rounded
    return short


def alike(keys: pd.Series, *, parts: int = 1) -> tuple[pd.Series, pd.Series]:
    """Whether a key stands elsewhere but for leading zeros, letter case, blanks or hyphens; and whether it is not the
    first way of writing it. Blank keys are no keys.
    """
    none = pd.Series(False, keys.index)
    filled = keys[keys != ""]
    if filled.empty or _uniform(filled):
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
    return _spread(none, filled, both), _spread(none, filled, later)


def _spread(none: pd.Series, filled: pd.Series, where: np.ndarray) -> pd.Series:
    result = none.copy()
    result[filled.index[where]] = True
    return result


def _uniform(keys: pd.Series) -> bool:
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
