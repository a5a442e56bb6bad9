"""The plain edition: a page's declaration as HTML without script. Choices are forms, everything else is markup."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from markupsafe import Markup

from portal.language import gettext_lazy, override_language, t
from portal.navigation import anchor_of_figure, page_of_figure
from portal.page import FEWEST, FIRST, Columns, DataPart, FigureCard, Form, Item, NotShown, Page, Section, Text, Tiles
from portal.render import lists, markup
from portal.render.content import Edition, paragraph, words
from portal.render.rendered import RecordGap, RenderedRelease, Selection
from portal.server import page_metadata

PREFIX = "/plain"
Piece = str | Form  # of a section: rendered markup, or a form that each edition renders in its own way


def head(page: Page, selection: Selection, prefix: str = PREFIX, choice: str = "", *, with_help: bool = True) -> str:
    """The head of a page: its h1, the answer of its lead figure with its period, the choice, notices on the selection,
    and on missing numbers. `prefix`: the edition's path; `choice`: rendered markup; `with_help`: whether a page with
    the box for help has it in its head.
    """
    release = selection.release
    lead = release.figure(page.lead, selection.period) if release and page.lead else None
    answer, status = (lead.answer, lead.sub) if lead else _says(page, selection, prefix)
    notices = [markup.part("notice", sentence) for sentence in selection.notices]
    awaited = [] if release else [markup.part("no_numbers", selection.snapshot.refused)]
    below = (markup.ask_field(prefix, selection) if page.asks else "") + choice
    return "\n".join([markup.head(t(page.question), answer, status, below, with_help=page.help and with_help),
                      *notices, *awaited, *([] if NotShown() in page.items else [_places(page, selection)])])


def _says(page: Page, selection: Selection, prefix: str) -> tuple[str, str]:
    """The HTML below the heading of a page without a lead figure, and that of its status line; "" for none."""
    sentences: list[str] = []
    status = ""
    for item in page.says:
        match item:
            case Text(key):
                sentences.append(paragraph(key, Edition(prefix, selection.query)))
            case DataPart(name):
                sentences.append(lists.part(name, selection, prefix))
            case Form(name):
                filled = lists.form(name, selection, prefix)
                sentences.append(filled.lead)
                status = filled.status
    return " ".join(sentences), status


def choice(page: Page, selection: Selection) -> tuple[str, dict[str, str], str]:
    """A page's choice: its label, its options (value in the URL -> words) and the chosen value. Raises ValueError
    while no release is shown, and on a page without a choice.
    """
    if selection.release is None or not page.choice:
        raise ValueError("there is nothing to choose before a release is shown")
    if page.choice == "period":
        return t("Choose a period"), dict(selection.release.periods), selection.period
    return t("Release"), dict(selection.snapshot.choices()), selection.release.facts.id


def _choice(page: Page, selection: Selection) -> str:
    if selection.release is None or not page.choice:
        return ""
    label, options, chosen = choice(page, selection)
    hidden = [pair for pair in selection.chosen if pair[0] != page.choice]
    return markup.part("choice_form", page.choice, label, options.items(), chosen, hidden)


def _figure(figure: FigureCard, selection: Selection, prefix: str) -> str:
    """A figure's card, with its link to Explore in the same edition; "" where it shows no number: the list of what
    can't be shown has the reason.
    """
    if selection.release is None:
        return ""
    rendered = selection.release.figure(figure.id, selection.period)
    if not rendered.shown:
        return ""
    card = str(rendered.html).replace('href="/explore?', f'href="{prefix}/explore?')
    if figure.size == "folded":
        card = str(markup.part("folded", rendered.title, Markup(card)))  # noqa: S704  # rendered by the builder
    return "".join(markup.part("anchor", hold) for hold in figure.holds) + card


def _tiles(figures: Sequence[str], selection: Selection, prefix: str) -> str:
    if selection.release is None:
        return ""
    rendered = [(figure, selection.release.figure(figure, selection.period)) for figure in figures]
    return markup.tiles([(f"{prefix}/{page_of_figure(id_).slug}{selection.query}{anchor_of_figure(id_)}", figure.short)
                         for id_, figure in rendered if figure.short])


def gaps(page: Page, release: RenderedRelease, period: str) -> list[RecordGap]:
    """What the figures of a page can't show, each reason once: open periods first."""
    return gaps_of((card.id for card in page.cards), release, period)


def gaps_of(figures: Iterable[str], release: RenderedRelease, period: str) -> list[RecordGap]:
    """As `gaps`, for figures by their ids."""
    merged: dict[tuple[str, ...], RecordGap] = {}
    for gap in (gap for figure in figures for gap in release.figure(figure, period).record["not_shown"]):
        key = (gap["period"], gap["why"], gap["waits_for"])
        same = merged.get(key)
        if same is None:
            merged[key] = gap.copy()
        elif gap["what"] not in same["what"].split("; "):
            same["what"] = f"{same['what']}; {gap['what']}"
    for gap in merged.values():
        if gap["need"]:
            gap["what"] = t("{period}: {what}", period=gap["period"][:1].upper() + gap["period"][1:],
                            what=gap["what"])
    return sorted(merged.values(), key=lambda gap: not gap["need"])


def _not_shown(page: Page, selection: Selection) -> str:
    """The list of what a page's figures can't show, with the anchors of their cards."""
    rows = gaps(page, selection.release, selection.period) if selection.release else []
    return f'{_places(page, selection)}{markup.part("not_shown", rows)}' if rows else ""


def _places(page: Page, selection: Selection) -> str:
    """The anchors of the cards that show no number: texts and answers link to them, whatever a release holds."""
    if selection.release is None:
        return ""
    hidden = [card for card in page.cards if not selection.release.figure(card.id, selection.period).shown]
    return "".join(markup.part("anchor", figure) for card in hidden for figure in (card.id, *card.holds))


def _columns(item: Columns, selection: Selection, prefix: str) -> str:
    main = _figure(item.figure, selection, prefix)
    beside = "".join(_figure(piece_beside, selection, prefix) if isinstance(piece_beside, FigureCard) else
                     f'<section class="card">{words(piece_beside.key, Edition(prefix, selection.query))}</section>'
                     for piece_beside in item.beside)
    return f'<div class="split">{main}<div class="cards">{beside}</div></div>' if main else beside


def piece(item: Item, page: Page, selection: Selection, prefix: str) -> Piece:
    """One item of a page, its links within the edition that has this prefix. What shows numbers is empty as long as no
    release is shown.
    """
    match item:
        case Text(key):
            return words(key, Edition(prefix, selection.query))
        case DataPart(name):
            return lists.part(name, selection, prefix)
        case Form():
            return item
        case FigureCard():
            return _figure(item, selection, prefix)
        case Tiles(figures):
            return _tiles(figures, selection, prefix)
        case NotShown():
            return _not_shown(page, selection)
        case Columns():
            return _columns(item, selection, prefix)


def pieces(section: Section, page: Page, selection: Selection, prefix: str) -> list[Piece]:
    """A section's items; cards of half the width two by two."""
    found: list[Piece] = []
    for half, items in groupby(section.items, key=lambda item: isinstance(item, FigureCard) and item.size == "half"):
        row = [piece(item, page, selection, prefix) for item in items]
        if half:
            cards = "".join(value for value in row if isinstance(value, str))
            row = [f'<div class="halves">{cards}</div>'] if cards else []
        found += [value for value in row if value]
    return found


def sections(page: Page, selection: Selection, prefix: str) -> dict[Section, list[Piece]]:
    """The sections of a page that have something to show, with what they show."""
    found = {section: pieces(section, page, selection, prefix) for section in page.sections}
    return {section: row for section, row in found.items() if row}


def contents(found: Sequence[Section], selection: Selection) -> str:
    """The list "On this page"; "" where there are too few sections to need one."""
    return markup.part("contents", found) if selection.release and len(found) >= FEWEST else ""


def section_html(section: Section, row: Sequence[str]) -> str:
    """A section's markup with its anchor, to which the list "On this page" links."""
    return f'<div class="cards" id="{section.anchor}">{"".join(row)}</div>'


def laid_out(listed: str, body: str) -> str:
    """The list of contents beside a page's sections."""
    return f'<div class="layout{" listed" if listed else ""}">{listed}<div class="cards">{body}</div></div>'


def _form(item: Form, selection: Selection, prefix: str) -> str:
    filled = lists.form(item.name, selection, prefix)
    if not filled.fields:
        return filled.title
    fields = markup.block("choices_form", item.name, filled.fields, selection.chosen, t("Show"))
    result = "\n".join(filter(None, [filled.title, filled.picture, filled.rest]))
    return f'{fields}\n<div class="chosen">{result}</div>' if filled.picture else f"{fields}\n{result}"


def body(page: Page, selection: Selection) -> str:
    """The body of a page, in the current language."""
    pieces_of = sections(page, selection, PREFIX)
    html = "\n".join(section_html(section, [
        piece_ if isinstance(piece_, str) else _form(piece_, selection, PREFIX) for piece_ in pieces])
        for section, pieces in pieces_of.items())
    listed = contents(list(pieces_of), selection)
    return f"{head(page, selection, choice=_choice(page, selection))}\n{laid_out(listed, html)}"


def plain(page: Page, selection: Selection, base: str = "") -> str:
    """A complete page of the plain edition. `base`: the site's URL."""
    with override_language(selection.language):
        meta = markup.meta(page_metadata.about(page, selection, base))
        return markup.page(page, body(page, selection), selection, meta, lists.form_values(page, selection))


def nothing_here(selection: Selection, why: str = "") -> str:
    """The page "Nothing here": a sentence, the way back, and help. `why`: a further sentence."""
    with override_language(selection.language):
        text = markup.part("page_not_found") + (markup.part("notice", why) if why else "")
        return markup.page(Page(FIRST, gettext_lazy("Nothing here"), "", "", ()), text, selection)
