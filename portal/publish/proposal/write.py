"""A proposal as a mapping file: TOML with its reasons as comments, and `# check:` where somebody has to look."""

import json
from collections.abc import Iterator, Sequence

from portal.publish.ingest.fields import WILDCARD
from portal.publish.proposal.codes import Codes
from portal.publish.proposal.match import Match
from portal.publish.proposal.proposal import ZONE, Proposal

CHECK = "# check:"
WIDTH = 116
SHOWN = 20  # of the codes that are not listed one by one


def mapping_text(proposal: Proposal) -> str:
    """The whole mapping file."""
    return "\n".join([*_top(proposal), *_coverage(proposal), *_incident(proposal), *_columns(proposal),
                      *_roster(proposal)]) + "\n"


def count_checks(text: str) -> int:
    """How many places of a mapping still have to be looked at."""
    return sum(line.lstrip().startswith(CHECK) or f" {CHECK}" in line for line in text.splitlines())


def share_words(part: int, total: int) -> str:
    """A share as it may stand in a file that others get to see: to five percent, so that no small count is told."""
    share = round(20 * part / total) * 5
    if part == total:
        return "all rows"
    return "fewer than 5% of rows" if share < 5 else "almost all rows" if share > 95 else f"about {share}% of rows"


def _value(value: str | Sequence[str]) -> str:
    """A text or a list of texts in TOML. JSON's strings are TOML's basic strings."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if len(value) == 1:
        return _value(value[0])
    return "[" + ", ".join(map(_value, value)) + "]"


def _list(key: str, values: Sequence[str]) -> Iterator[str]:
    """A list, on several lines where one is too short."""
    line = f"{key} = [{', '.join(map(_value, values))}]"
    if len(line) <= WIDTH:
        yield line
        return
    yield f"{key} = ["
    row = "   "
    for value in values:
        piece = f" {_value(value)},"
        if len(row) + len(piece) > WIDTH:
            yield row
            row = "   "
        row += piece
    yield row
    yield "]"


def _top(proposal: Proposal) -> Iterator[str]:
    yield f"# Proposed by `python -m portal map` from {proposal.source}. Go through it from top to bottom."
    yield f"# Each line with `{CHECK}` needs a decision: correct what is below it, then delete the comment."
    yield "# `publish` refuses a mapping that still has one."
    yield ""
    yield f"{CHECK} the name of the source, as readers shall see it"
    yield f"title = {_value(proposal.source.split('.')[0])}"
    yield f"{CHECK} a file does not say where its clocks are"
    yield f"time_zone = {_value(ZONE)}"
    yield ""
    yield "# Nothing in the file looks like these. The portal will say \"not collected\", and never show a 0."
    if proposal.not_collected:
        yield f"{CHECK} is any of them in the file under a name that was not recognized? Not used: " + (
            ", ".join(proposal.unused) or "nothing")
    yield from _list("not_collected", proposal.not_collected)
    if proposal.repeated:
        yield f"# Names that stand in the header more than once can't be mapped: {', '.join(proposal.repeated)}"
    yield from _file(proposal)
    yield ""


def _file(proposal: Proposal) -> Iterator[str]:
    file = proposal.file
    lines = [f"{key} = {_value(value)}" for key, value, usual in (
        ("sheet", file.sheet, None), ("encoding", file.encoding, "utf-8"), ("delimiter", file.delimiter, None))
        if value and value != usual]
    if lines:
        yield from ("", "[file]", *lines)


def _coverage(proposal: Proposal) -> Iterator[str]:
    evidence = proposal.evidence
    yield "[coverage]"
    yield f"# Calls from {evidence.first} to {evidence.last}, {evidence.rows:,} rows."
    yield f"{CHECK} is this the first day whose calls are complete?"
    yield f"start = {evidence.first}"
    a_day = sum(evidence.days.values()) / ((evidence.last - evidence.first).days + 1)
    yield f"# At {a_day:.1f} calls a day, chance hardly ever gives so many days without any: {evidence.quiet_days + 1}."
    for first, last in evidence.gaps:
        yield f"{CHECK} no call from {first} to {last}: were records lost? If not, raise quiet_days."
    yield f"quiet_days = {evidence.quiet_days}"
    yield ""


def _incident(proposal: Proposal) -> Iterator[str]:
    match, evidence = proposal.matches["call_id"], proposal.evidence
    yield "[incident]"
    yield from (f"{CHECK} {doubt}" for doubt in match.doubts)
    yield f"key = {_value(match.names)}"
    if evidence.repeats:
        yield f"# {share_words(evidence.repeats, evidence.rows).capitalize()} share their key with another row."
        yield f"{CHECK} do several rows tell of one incident (\"many\"), or are rows there twice (\"one\")?"
        yield 'rows = "many"'
    else:
        yield "# No key stands there twice."
        yield 'rows = "one"'
    yield ""


def _columns(proposal: Proposal) -> Iterator[str]:
    for name, match in proposal.matches.items():
        if name != "call_id":
            yield from _column(f"columns.{name}", match, proposal.codes.get(name), proposal)


def _column(place: str, match: Match, codes: Codes | None, proposal: Proposal) -> Iterator[str]:
    yield f"[{place}]  # {match.column.help}"
    if match.main.blank:
        yield f"# Filled in {share_words(match.main.rows - match.main.blank, match.main.rows)}."
    yield from (f"{CHECK} {doubt}" for doubt in match.doubts)
    yield f"from = {_value(match.names)}"
    if match.times:
        yield from _times(match, proposal)
    if missing := (codes.missing if codes else match.main.placeholders):
        yield f"missing = {_value(list(missing)) if len(missing) > 1 else '[' + _value(missing[0]) + ']'}"
    if codes and not codes.own_names:
        yield from _codes(place, match, codes)
    yield ""


def _times(match: Match, proposal: Proposal) -> Iterator[str]:
    times = match.times
    assert times is not None  # noqa: S101  # the caller looked
    form = times.formats[0]
    if form in proposal.evidence.hours and form.startswith("epoch_ms"):
        form = proposal.evidence.likeliest_clock()
        yield f"{CHECK} read so, the fewest calls come at night; read the other way ({_other_epoch(form)}), they do not"
    elif form.startswith("epoch_ms"):
        yield f"{CHECK} {form} is true UTC; epoch_ms_local holds the local clock as if it were UTC"
    elif times.rivals:
        yield f"{CHECK} {times.rivals[0]} reads every text too, and gives other days"
    if times.share < 1:
        yield f"{CHECK} {100 * times.share:.0f}% of the texts are read so; how are the others written?"
    yield f"format = {_value([form, *times.formats[1:]])}"


def _other_epoch(form: str) -> str:
    return "epoch_ms" if form == "epoch_ms_local" else "epoch_ms_local"


def _codes(place: str, match: Match, codes: Codes) -> Iterator[str]:
    yield f"[{place}.codes]"
    if match.column.name == "call_type":
        yield f"{CHECK} which types are crisis calls is the City's decision, not this program's"
    elif codes.doubtful:
        yield f"{CHECK} the categories of {', '.join(map(repr, sorted(codes.doubtful)))} are only likely"
    for category, listed in codes.by_category.items():
        yield from _shares(listed, codes)
        yield from _list(category, listed)
    if codes.default_category:
        named = {code for listed in codes.by_category.values() for code in listed}
        unlisted = [code for code in codes.counts if code not in named]
        yield f"# {len(unlisted)} other codes, the most frequent first: " + ", ".join(map(repr, unlisted[:SHOWN]))
        yield f"{codes.default_category} = {_value(WILDCARD)}"


def _shares(listed: Sequence[str], codes: Codes) -> Iterator[str]:
    total = sum(codes.counts.values())
    frequent = [code for code in listed if codes.counts[code] * 20 >= total]
    if frequent:
        yield "# " + "; ".join(f"{code!r}: {share_words(codes.counts[code], total)}" for code in frequent)


def _roster(proposal: Proposal) -> Iterator[str]:
    if proposal.roster and any(match.names != (name,) for name, match in proposal.roster.items()):
        for name, match in proposal.roster.items():
            yield from _column(f"roster.columns.{name}", match, None, proposal)
