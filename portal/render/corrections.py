"""The log of corrections in words: a sentence an entry, as the page, the feed and the API tell it."""

from portal.contract.contract import MEASURES
from portal.language import day, t
from portal.release.corrections import SOME, Correction, corrections
from portal.render.markup import block
from portal.render.rendered import Snapshot


def log(snapshot: Snapshot) -> tuple[Correction, ...]:
    """The log of what is served, the newest entry first; empty where nothing is published."""
    return corrections(snapshot.live.copy, tuple(snapshot.copies.items())) if snapshot.live else ()


def sentence(entry: Correction) -> str:
    """What an entry tells, in the language in force; beside it stand the analyst's own words, where it has any."""
    question = t(MEASURES[entry.table].question) if entry.table else ""
    match entry.kind:
        case "superseded":
            return t("Numbers that were published were wrong. From this release on others replace them: {question}",
                     question=question)
        case "withdrawn":
            return t("Numbers that were published were wrong. They are no longer shown: {question}", question=question)
        case "note":
            return t("A correction in the notes of the release:")
        case "not_offered":
            return t("This release is not offered here. It was withdrawn, or it does not pass its check.")
    return _records(dict(entry.records))


def _records(sizes: dict[str, str]) -> str:
    """For each reason, "fewer than 11" or "11 or more" records; never the number."""
    words = {reason: t("11 or more") if size == SOME else t("fewer than 11") for reason, size in sizes.items()}
    return t("Records that were entered late: {late}. Corrected since the last release: {corrected}. Left out of all"
             " numbers, since they can't be read or right: {left_out}; since they were there twice: {repeated}.",
             **words)


def listed(snapshot: Snapshot) -> str:
    """The part of a page with the whole log."""
    return block("corrections", [(entry, day(entry.day), sentence(entry)) for entry in log(snapshot)])
