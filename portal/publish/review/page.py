"""Writes the review page: one HTML file that needs nothing else, for a colleague to read, print and sign off.

Its first part may be passed on: it holds what would be published and nothing more. Its second part is private, and
says so at the head of each printed sheet. Neither holds a row of the extract.
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.errors import CantWrite
from portal.publish.ingest.extract import Extract
from portal.publish.ingest.problems import REASONS
from portal.publish.publish import Published
from portal.publish.review.counts import by_hour_and_weekday, by_month, lengths_and_persons, shares_over_time

TEMPLATES = Path(__file__).parent


def review_page(published: Published, extract: Extract, state: str) -> str:
    """The page as HTML. `state`: illustrative, preliminary or official."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
                              trim_blocks=True, lstrip_blocks=True)
    template = environment.get_template("review.html.jinja")
    return template.render(
        published=published, report=extract.report, state=state, reasons=REASONS,
        shown=[planned for planned in published.plan if planned.new and planned.status == "published"],
        hidden=[planned for planned in published.plan if planned.status in ("suppressed", "not_due")],
        tables=[by_hour_and_weekday(extract), by_month(extract), *lengths_and_persons(extract)],
        shares=shares_over_time(extract))


def write_review(out: Path, state: str, published: Published, extract: Extract) -> None:
    """Write the page. Raises CantWrite where the disk refuses."""
    try:
        out.write_text(review_page(published, extract, state), encoding="utf-8")
    except OSError as error:
        raise CantWrite(out, error.strerror or type(error).__name__) from error
