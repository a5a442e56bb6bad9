"""Parts of pages made from data (promises, questions, methods, sources, files), and forms by their name."""

import json
import tomllib
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from portal.contract.contract import DIMENSIONS, MEASURES, Measure
from portal.language import LANGUAGES, day, n, t
from portal.navigation import PAGES, anchor_of_figure, page_of_figure
from portal.page import Page
from portal.render import corrections, documents, downloads, explore, history, request
from portal.render.commitments import Commitment, CommitmentState, Judged, commitments, judge
from portal.render.content import Edition
from portal.render.facts import facts, reference, sources
from portal.render.forms import Filled, Maker
from portal.render.markup import block
from portal.render.rendered import Known, Pairs, Selection
from portal.settings import ROOT
from portal.shipped import shipped
from portal.texts import council_questions

ITS_OWN = frozenset({"lang", "release", "period"})  # the names in a URL that are no form's
RECORD = ROOT / "content" / "access-record.json"  # written by `make access`
QUESTIONS = ROOT / "content" / "questions.toml"
# The order in which promises stand.
FIRST_STATES: tuple[CommitmentState, ...] = ("late", "not-met", "unannounced", "cannot-tell", "met")
# What the figure "change.when_known" calls the number that a promise is judged by.
KNOWN_AS: dict[str, Callable[[], str]] = {
    "outcome.force": lambda: t("Use of force"),
    "outcome.injury": lambda: t("{who} hurt", who=t(DIMENSIONS["hurt"].labels["resident"])),
    "care.referral": lambda: t("Referral accepted"),
}
FORMS: dict[str, Maker] = {"explore": explore.filled, "request": request.filled}


def _judged(selection: Selection) -> list[tuple[Commitment, Judged]]:
    """Each promise with its state, what was late first."""
    evidence: Known | None = selection.release.known if selection.release else None
    rows = [(promise, judge(promise, evidence, facts())) for promise in commitments()]
    return sorted(rows, key=lambda row: FIRST_STATES.index(row[1].state))


def promised(selection: Selection, edition: Edition) -> str:
    """Each promise with its state and, folded, why it is so, its source, and when we will know."""
    rows = [(promise, judgement, reference(facts()[promise.fact]) if promise.fact else "",
             _when_known(promise, selection)) for promise, judgement in _judged(selection)]
    made_up = bool(selection.release and selection.release.facts.state == "illustrative")
    return block("commitments", rows, made_up, edition.link("timeline", "#change.when_known"))


def promise_counts(selection: Selection, _: Edition) -> str:
    """How many promises of the City, and of this site, are kept, late, not announced, or cannot be judged."""
    rows = _judged(selection)
    return block("promise_counts", *(_counted([judgement.state for promise, judgement in rows if promise.ours == ours])
                                     for ours in (False, True)))


def _counted(states: Sequence[CommitmentState]) -> str:
    """How many promises are of each state, in words: "0 kept, 0 late, 3 not announced, 5 that cannot be judged yet"."""
    kept, late = states.count("met"), states.count("late") + states.count("not-met")
    parts = [n("{n} kept", "{n} kept", kept, n=kept), n("{n} late or not kept", "{n} late or not kept", late, n=late)]
    if unannounced := states.count("unannounced"):
        parts.append(n("{n} not announced", "{n} not announced", unannounced, n=unannounced))
    if unclear := states.count("cannot-tell"):
        parts.append(n("{n} that cannot be judged yet", "{n} that cannot be judged yet", unclear, n=unclear))
    return ", ".join(parts)


def _when_known(promise: Commitment, selection: Selection) -> str:
    """After how long the number that a promise is judged by could show a change; "" where nothing says so."""
    if not selection.release or promise.measure not in KNOWN_AS:
        return ""
    table = selection.release.figure("change.when_known", selection.period).record["table"]
    rows = {row[0]["text"]: [cell["text"] for cell in row[1:]] for row in table["rows"]} if table else {}
    found = rows.get(KNOWN_AS[promise.measure]())
    if not found or len(set(found[1:])) == 1:  # none so far: nothing to compare
        return ""
    _, change, years, goal = found
    return t("A change {change}: {years}. Against a goal set beforehand: {goal}.", change=change, years=years,
             goal=goal)


def release_facts(selection: Selection, _: Edition) -> str:
    """Which release a page shows, of which day, and with how many tables; "" where there is none."""
    release = selection.release
    return block("release_facts", release.facts if release else None, len(release.tables) if release else 0)


@shipped
def questions() -> tuple[dict[str, Any], ...]:
    """What was asked at meetings (content/questions.toml), in its order."""
    rows = tomllib.loads(QUESTIONS.read_text("utf-8")).get("asked", [])
    return tuple({"figure": "", "not_collected": False} | row for row in rows)


def asked(_: Selection, edition: Edition) -> str:
    """The questions asked at meetings, each with a link to the figure it cites; nothing while none is written down."""
    rows = [row | {"when": day(row["asked_on"].isoformat() if isinstance(row["asked_on"], date) else row["asked_on"])}
            for row in questions()]
    links = {row["figure"]: edition.link(page_of_figure(row["figure"]).slug, anchor_of_figure(row["figure"]))
             for row in rows}
    return block("questions", rows, links) if rows else ""


def council(selection: Selection, edition: Edition) -> str:
    """What councils elsewhere asked, each question with its answer and a link to the figure that answers it."""
    if not selection.release:
        return ""
    figure = selection.release.figure("council.questions", selection.period)
    table = figure.record["table"]
    rows = [[cell["text"] for cell in row] for row in table["rows"]] if table else []
    links = [edition.link(page_of_figure(question.figure).slug, anchor_of_figure(question.figure))
             if question.figure else "" for question in council_questions()]
    return block("council", figure, rows, links)


def _method(measure: Measure) -> str:
    """How a measure is counted, and the fields of the records that it needs."""
    if measure.kind == "derived":
        return t("Added up from the published groups of another table: {question}",
                 question=t(MEASURES[measure.source_measure].question))
    how = {"activity": t("Counted exactly, for the whole city, by month and by quarter."),
           "conduct": t("Counted exactly for each combined period, and never crossed with anything else."),
           "people": t("Counted for combined periods, in groups of 11 or more."),
           "release": t("Taken from the list of releases.")}[measure.kind]
    if not measure.needs:
        return how
    return f"{how} {t('Fields of the records: {fields}.', fields=', '.join(measure.needs))}"


def _out_of(measure: Measure) -> str:
    """The numerator and denominator of a measure in words, or what it counts."""
    if measure.denominator:
        return t("{part}, out of {whole}", part=t(measure.numerator), whole=t(measure.denominator))
    whole = {"responses": t("all responses of the team"), "calls": t("all crisis calls"),
             "responses_without_arrest": t("all responses without an arrest")}.get(measure.over)
    return t("Out of {whole}", whole=whole) if whole else t("Counted in {unit}", unit=t(measure.unit))


def methods(selection: Selection, _edition: Edition) -> str:
    """For each measure, below the page that shows it: definition, why it matters, method, what it is out of, limits;
    and all of it as a file.
    """
    by_page: dict[str, list[tuple[Measure, str, str]]] = {page.name: [] for page in PAGES}
    for measure in MEASURES.values():
        by_page[page_of_figure(measure.id).name].append((measure, _method(measure), _out_of(measure)))
    release = selection.release
    groups = {t(page): rows for page, rows in by_page.items() if rows}
    return block("methods", groups, release.facts.id if release else "")


def ledger(_selection: Selection, _edition: Edition) -> str:
    """Every source that a fact comes from, with the number of its facts, and of those the City has confirmed."""
    rows = []
    for source in sources().values():
        cited = [fact for fact in facts().values() if fact.source == source]
        confirmed = sum(1 for fact in cited if fact.by or fact.tag == "CITY")
        rows += [(source, len(cited), confirmed)] if cited else []
    return block("sources", rows)


def tested(_selection: Selection, _edition: Edition) -> str:
    """The record of the last accessibility audit (`make access`): tools, standards, pages, findings."""
    return block("test_record", json.loads(RECORD.read_text("utf-8")) if RECORD.is_file() else None, LANGUAGES)


def files(selection: Selection, _edition: Edition) -> str:
    """The tables and files of the release, with what each holds."""
    return downloads.listed(selection.release) if selection.release else ""


def document_form(selection: Selection, _edition: Edition) -> str:
    """The form that leads to the brief as a document."""
    return documents.choices(selection.release, selection.snapshot)


def chain(selection: Selection, _edition: Edition) -> str:
    """How to check that no release was rewritten."""
    return history.checked(selection.release, selection.snapshot)


def log(selection: Selection, _edition: Edition) -> str:
    """Everything that was corrected, late or withdrawn."""
    return corrections.listed(selection.snapshot)


def cited_example(selection: Selection, _edition: Edition) -> str:
    """One number of the release as it is cited, with its URL."""
    return block("citation", selection.release.figure("response.met", selection.period)) if selection.release else ""


PARTS: dict[str, Callable[[Selection, Edition], str]] = {
    "commitments": promised, "promise_counts": promise_counts, "release_facts": release_facts, "questions": asked,
    "council": council, "methods": methods, "sources": ledger, "downloads": files, "documents": document_form,
    "history": chain, "corrections": log, "tested": tested, "citation": cited_example}


def part(name: str, selection: Selection, prefix: str) -> str:
    """A part of a page (portal.page.DataPart), with links of the edition that has this prefix."""
    return PARTS[name](selection, Edition(prefix, selection.query))


def form(name: str, selection: Selection, prefix: str) -> Filled:
    """A form of a page (portal.page.Form) as the visitor's URL fills it."""
    return FORMS[name](selection.release, selection.given, Edition(prefix, selection.query))


def any_form_values(selection: Selection) -> Pairs:
    """The known values that the URL's query gives to any form: a session keeps them from page to page."""
    if not selection.given.keys() - ITS_OWN:
        return ()
    return tuple(pair for name in FORMS for pair in form(name, selection, "").values_in(selection.given))


def form_values(page: Page, selection: Selection) -> Pairs:
    """The known values that the URL's query gives to this page's forms."""
    return tuple(pair for item in page.forms for pair in form(item.name, selection, "").values_in(selection.given))
