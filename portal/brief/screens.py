"""The screens for a projector: one finding each, as the pages show it, with its definition on demand."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from markupsafe import Markup

from portal.brief.document import checking, imprint
from portal.brief.page import inlined, templates
from portal.contract.contract import ILLUSTRATIVE
from portal.language import spoken, t
from portal.navigation import PAGES
from portal.page import NotShown
from portal.release.description import describe
from portal.render.history import head_line
from portal.render.rendered import RenderedFigure, RenderedRelease, Selection
from portal.server.plain_presenter import gaps

# The figures with a screen: how much comes in, how far the service goes, what came of it, for whom, and what changes.
FINDINGS = ("demand.received", "service.coverage", "service.reach", "response.met", "outcome.conduct",
            "care.referral_detail", "equity.people", "change.all")
TALLEST = 1.25  # of a drawing: height by width. A taller one would be unreadably small beside the words
MOST_ROWS = 8  # of a table that stands where the drawing is too tall
MOST_GAPS = 6  # that fit on a screen


@dataclass(frozen=True)
class Screen:
    """One screen. `name`: its line in the list of screens; `lines`: sentences, as text or as ready HTML; `rows`:
    numbers and their names, where there is no drawing; `definition`: what is shown on demand; `lang`: the language of
    its items or, without any, of all of it.
    """

    name: str
    heading: str
    question: str = ""
    lines: tuple[str, ...] = ()
    items: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    drawing: str = ""
    alt: str = ""
    source: str = ""
    definition: tuple[str, ...] = ()
    lang: str = ""


def _drawing(release: RenderedRelease, figure: RenderedFigure) -> str:
    """The drawing of a figure that is narrow enough to stand beside the words, as SVG; "" where there is none."""
    if not figure.narrow:
        return ""
    svg = (release.folder / figure.narrow.rpartition("/")[2]).read_text("utf-8")
    width, height = (float(svg.split(f' {side}="', 1)[1].split('"', 1)[0]) for side in ("width", "height"))
    return svg if height <= TALLEST * width else ""


def _rows(figure: RenderedFigure) -> Iterator[tuple[str, str]]:
    """The numbers in the first column of a figure's table with their names."""
    table = figure.record["table"]
    for name, number, *_ in table["rows"] if table else []:
        if number["value"] is not None:
            yield number["text"], name["text"]


def _finding(release: RenderedRelease, figure: RenderedFigure) -> Screen:
    record, svg = figure.record, _drawing(release, figure)
    definition = (record["definition"], record["why"], record["limits"],
                  f"{t('Source:')} {record['recorded_in']}" if record["recorded_in"] else "")
    below = Markup(figure.sub) if svg else ""  # noqa: S704  # rendered by the builder; it also explains the drawing
    return Screen(record["question"], record["headline"], record["question"], (below,) if below else (),
                  rows=() if svg else tuple(islice(_rows(figure), MOST_ROWS)), drawing=svg, alt=record["answer"],
                  source=record["source"], definition=tuple(part for part in definition if part),
                  lang=record["language"])


def _not_shown(release: RenderedRelease) -> Screen | None:
    """What can't be shown, each reason once, and how many more reasons the pages give."""
    by_reason: dict[str, dict[str, None]] = {}
    for page in PAGES:
        for gap in gaps(page, release, release.default_period) if NotShown() in page.items else ():
            by_reason.setdefault(f"{gap['why']} {gap['waits_for']}".strip(), {})[gap["what"]] = None
    if not by_reason:
        return None
    items = [("; ".join(what), why) for why, what in by_reason.items()]
    more = len(items) - MOST_GAPS
    lines = (t("The site gives {n} more reasons, each on the page of its number.", n=more),) if more > 1 else ()
    shown = items[:MOST_GAPS] if lines else items
    name = t("What we can’t show")
    return Screen(name, name, lines=lines, items=tuple(shown), lang=release.language)


def _checking(release: RenderedRelease) -> Screen:
    name = t("How to check a number")
    return Screen(name, name, lines=(checking(release), head_line(describe(release.copy))))


def _cover(selection: Selection, release: RenderedRelease) -> Screen:
    name = t("Somerville Co-Response Pilot")
    return Screen(name, name, lines=tuple(filter(None, imprint(selection, release))))


def screens(selection: Selection, release: RenderedRelease) -> list[Screen]:
    """The screens of a release since the start, in the language in force: a finding without a number has none."""
    figures = release.read_figures(release.default_period)
    findings = [_finding(release, figures[name]) for name in FINDINGS if figures[name].shown]
    not_shown = _not_shown(release)
    call = t("Need help now?")
    return [_cover(selection, release), *findings, *([not_shown] if not_shown else []), _checking(release),
            Screen(call, call, lines=(t("Someone may be hurt: call 911."),
                                      t("In a crisis call or text 988, day and night.")))]


def projector(selection: Selection, release: RenderedRelease, *, alone: bool = False) -> str:
    """The screens as a page that needs no script. `alone`: a file that needs nothing else."""
    words = {"place": t("{page} of {pages}", page="{page}", pages="{pages}"), "next": t("Next screen"),
             "back": t("Screen before"), "all": t("All screens"), "screen": t("Screen"),
             "definition": t("What this number means"), "shortcuts": t("Keys: D, and a number with Enter"),
             "made_up": f"{t('Made-up numbers.')} {t('No real call is counted here.')}"}
    made_up = release.facts.state == ILLUSTRATIVE
    title = t("{page}: Somerville Co-Response Pilot (made-up numbers)" if made_up else
              "{page}: Somerville Co-Response Pilot", page=t("For the projector"))
    return templates.get_template("projector.html.jinja").render(
        title=title, language=spoken(), screens=screens(selection, release), words=words, made_up=made_up,
        inlined=inlined(spoken()) if alone else None)
