"""The order of building: first what visitors are most likely to request."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.language import DEFAULT


@dataclass(frozen=True)
class Verify:
    """Copy a release and verify the copy."""

    release: str


@dataclass(frozen=True)
class Render:
    """Render a verified release in a language."""

    release: str
    language: str


@dataclass(frozen=True)
class CompressStreamlit:
    """Compress Streamlit's own files."""


@dataclass(frozen=True)
class Check:
    """Compare all files of a rendered release with their hashes: disks fail."""

    release: str
    language: str


Task = Verify | Render | CompressStreamlit | Check


def tasks(ids: Sequence[str], live: str, languages: Sequence[str]) -> Iterator[Task]:
    """All tasks for these releases in order: the live one in English; newer ones, which may go live next; the live
    one's other languages; then older ones from the release before it, to which a roll-back leads; last the checks.
    """
    newest_first = sorted(ids, reverse=True)
    first = live if live in ids else (newest_first or [""])[0]
    newer, older = [id_ for id_ in newest_first if id_ > first], [id_ for id_ in newest_first if id_ < first]
    other_languages = [language for language in languages if language != DEFAULT]
    if first:
        yield Verify(first)
        yield Render(first, DEFAULT)
    yield CompressStreamlit()
    yield from map(Verify, newer + older)
    yield from (Render(id_, DEFAULT) for id_ in newer)
    yield from (Render(id_, language) for id_ in ([first] if first else []) + newer for language in other_languages)
    yield from (Render(id_, language) for id_ in older for language in (DEFAULT, *other_languages))
    yield from (Check(id_, language) for id_ in newest_first for language in (DEFAULT, *other_languages))
