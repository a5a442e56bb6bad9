"""Which code of a source probably falls in which of the portal's categories."""

from dataclasses import dataclass

from portal.publish.ingest.columns import NOT_RECORDED
from portal.publish.ingest.fields import NOT_COUNTED
from portal.publish.proposal.lexicon import YES_NO, category_of
from portal.publish.proposal.match import Match


@dataclass(frozen=True)
class Codes:
    """Codes by category; `counts`: how many rows have each code; `default_category`: that of all other codes, "" for
    none; `doubtful`: codes whose category is only likely; `missing`: texts that mean "not recorded".
    """

    by_category: dict[str, tuple[str, ...]]
    counts: dict[str, int]
    default_category: str
    doubtful: frozenset[str]
    missing: tuple[str, ...]

    @property
    def own_names(self) -> bool:
        """Whether the codes are the categories' own names, so that the mapping need not list them."""
        return not self.default_category and not self.doubtful and all(
            codes in ((category,), ()) for category, codes in self.by_category.items())


def propose_codes(match: Match) -> Codes:
    """The proposed category of every code in a matched column."""
    counts = dict(match.main.filled.most_common())
    known: dict[str, list[str]] = {}
    doubtful, unknown = set(), []
    for code in counts:
        category, sure = _category(match, code)
        if category:
            known.setdefault(category, []).append(code)
            if not sure:
                doubtful.add(code)
        else:
            unknown.append(code)
    default = ""
    if match.column.name == "call_type":
        # A city's call list has hundreds of types that are no crisis: they are taken together.
        default = NOT_COUNTED if unknown else ""
    elif unknown:
        known.setdefault(NOT_RECORDED, []).extend(unknown)
        doubtful |= set(unknown)
    return Codes({category: tuple(codes) for category, codes in known.items()}, counts, default, frozenset(doubtful),
                 tuple(match.main.placeholders))


def _category(match: Match, code: str) -> tuple[str, bool]:
    if match.column.kind == "yes_no":
        answer = YES_NO.get(code.lower(), "")
        return answer, bool(answer)
    return category_of(match.column.name, code)
