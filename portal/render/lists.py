"""Parts of pages made from data: promises, questions asked at meetings, methods, sources; and the forms by name."""

import json
import tomllib
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from portal.contract.contract import MEASURES, Measure
from portal.language import LANGUAGES, day, n, t
from portal.navigation import page_of_figure
from portal.page import Page
from portal.render import documents, downloads, explore, request
from portal.render.commitments import commitments, judge
from portal.render.content import Here
from portal.render.facts import facts, reference, sources
from portal.render.forms import Filled, Maker, Pairs
from portal.render.markup import block
from portal.render.rendered import Known, RenderedRelease, Selection
from portal.settings import ROOT

ITS_OWN = frozenset({"lang", "release", "period"})  # the names in an address that are no form's
RECORD = ROOT / "content" / "access-record.json"  # written by `make access`
QUESTIONS = ROOT / "content" / "questions.toml"
FORMS: dict[str, Maker] = {"explore": explore.filled, "request": request.filled}


def promised(release: RenderedRelease | None, _: Here) -> str:
    """Each promise with its state."""
    seen: Known | None = release.known if release else None
    rows = [(one, judge(one, seen, facts()), reference(facts()[one.fact]) if one.fact else "") for one in commitments()]
    told = Counter(said.word.split(",")[0] for _, said, _ in rows)
    counted = [n("{n} promise stands here.", "{n} promises stand here.", len(rows), n=len(rows)),
               *(t("{what}: {number}.", what=word, number=number) for word, number in told.most_common())]
    return block("commitments", rows, bool(release and release.facts.state == "illustrative"), " ".join(counted))


@cache
def questions() -> tuple[dict[str, Any], ...]:
    """What was asked at meetings (content/questions.toml), in its order."""
    rows: list[dict[str, Any]] = tomllib.loads(QUESTIONS.read_text("utf-8")).get("asked", [])
    return tuple({"figure": "", "not_collected": False} | row for row in rows)


def asked(release: RenderedRelease | None, here: Here) -> str:
    """The log of questions, or how to add one."""
    rows = [row | {"when": day(row["asked_on"].isoformat() if isinstance(row["asked_on"], date) else row["asked_on"])}
            for row in questions()]
    links = {row["figure"]: here.link(page_of_figure(row["figure"]).slug, f"#{row['figure']}") for row in rows}
    return block("questions", rows, links)


def _got(one: Measure) -> str:
    """How a measure is counted, and the fields of the records that it needs."""
    if one.kind == "derived":
        return t("Added up from the published groups of another table: {question}",
                 question=t(MEASURES[one.source_measure].question))
    how = {"activity": t("Counted exactly, for the whole city, by month and by quarter."),
           "conduct": t("Counted exactly, once a run of quarters, and never crossed with anything else."),
           "people": t("Counted for runs of quarters, in groups of 11 or more."),
           "release": t("Taken from the list of releases.")}[one.kind]
    return how if not one.needs else f"{how} {t('Fields of the records: {fields}.', fields=', '.join(one.needs))}"


def _out_of(one: Measure) -> str:
    """The numerator and denominator of a measure in words, or what it counts."""
    if one.denominator:
        return t("{part}, out of {whole}", part=t(one.numerator), whole=t(one.denominator))
    whole = {"responses": t("all responses of the team"), "calls": t("all crisis calls"),
             "responses_without_arrest": t("all responses without an arrest")}.get(one.over)
    return t("Out of {whole}", whole=whole) if whole else t("Counted in {unit}", unit=t(one.unit))


def methods(_release: RenderedRelease | None, _here: Here) -> str:
    """For each measure: what it is, why it matters, how it is got, what is in it, its limits."""
    rows = [{"id": one.id, "question": one.question, "definition": one.definition, "why": one.why, "limits": one.limits,
             "got": _got(one), "out_of": _out_of(one)} for one in MEASURES.values()]
    return block("methods", rows)


def ledger(_release: RenderedRelease | None, _here: Here) -> str:
    """Every source, with how many facts come from it and how many of them the City has confirmed."""
    rows = [(one, len(mine), sum(1 for fact in mine if fact.by or fact.tag == "CITY"))
            for one in sources().values() if (mine := [fact for fact in facts().values() if fact.source == one])]
    return block("sources", rows)


def tested(_release: RenderedRelease | None, _here: Here) -> str:
    """What `make access` kept of its last run: with what, over what, and what it found."""
    return block("tested", json.loads(RECORD.read_text("utf-8")) if RECORD.is_file() else None, LANGUAGES)


def files(release: RenderedRelease | None, _here: Here) -> str:
    """The tables and files of the release, with what each holds."""
    return downloads.listed(release) if release else ""


PARTS: dict[str, Callable[[RenderedRelease | None, Here], str]] = {
    "commitments": promised, "questions": asked, "methods": methods, "sources": ledger, "downloads": files,
    "tested": tested}


def part(name: str, selection: Selection, prefix: str) -> str:
    """A part of a page (portal.page.Part), with links of the edition that has this prefix."""
    if name == "documents":
        return documents.choices(selection.release, selection.snapshot)
    return PARTS[name](selection.release, Here(prefix, selection.query))


def form(name: str, selection: Selection, prefix: str) -> Filled:
    """A form of a page (portal.page.Form) as the visitor's address fills it."""
    return FORMS[name](selection.release, selection.given, Here(prefix, selection.query))


def named(selection: Selection) -> Pairs:
    """What the address names of the choices of any form."""
    if not selection.given.keys() - ITS_OWN:
        return ()
    return tuple(pair for name in FORMS for pair in form(name, selection, "").named(selection.given))


def form_values(page: Page, selection: Selection) -> Pairs:
    """What the address names of the choices of this page's forms."""
    return tuple(pair for one in page.forms for pair in form(one.name, selection, "").named(selection.given))
