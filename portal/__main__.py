"""The command line of the portal. Without a command it serves.

What only one command needs is imported in that command: neither `status` nor `--help` waits for SQLAlchemy.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portal import settings
from portal.builder.index import CANT_WRITE
from portal.contract.contract import ILLUSTRATIVE, ReleaseState
from portal.errors import CantWrite, ExtractRefused, PortalError
from portal.language import DEFAULT, LANGUAGES
from portal.settings import absolute

if TYPE_CHECKING:
    from portal.publish.ingest.extract import Extract
    from portal.publish.publish import Published

app = typer.Typer(
    help="Somerville's Co-Response transparency portal.", add_completion=False, pretty_exceptions_enable=False
)
Releases = Annotated[Path | None, typer.Option(help="Folder of the releases; else the setting PORTAL_RELEASES.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]
Notes = Annotated[list[str] | None, typer.Option(help="A correction, in words; may be given more than once.")]
Costs = Annotated[Path | None, typer.Option(help="A CSV of the City's costs: quarter, amount, covers, source.")]


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


@contextmanager
def _progress(words: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr for work that takes more than a moment, where stderr is a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)


def _build_ahead(release: Path) -> None:
    from portal.builder.ahead import build_ahead

    if reason := build_ahead(release, settings.read()):
        typer.echo(reason, err=True)


@app.callback(invoke_without_command=True)
def main(context: typer.Context) -> None:
    """Without a command the portal is served on its default URL."""
    if context.invoked_subcommand is None:
        serve()


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Host name or IP address to listen on; else PORTAL_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; else PORTAL_PORT.")] = None,
    releases: Annotated[str | None, typer.Option(help="Folder of the releases, or postgresql+psycopg://… ; else the "
                                                 "setting PORTAL_RELEASES.")] = None,
) -> None:
    """Serve the portal and print its URL."""
    from portal.serve import serve as start

    configured = settings.read()
    start(replace(configured, host=host or configured.host, port=port or configured.port,
                  releases=releases or configured.releases))


@app.command()
def build(
    releases: Annotated[str | None, typer.Option(help="Folder of the releases, or postgresql+psycopg://… ; else the "
                                                 "setting PORTAL_RELEASES.")] = None,
    release: Annotated[str, typer.Option(help="Build this release alone.")] = "",
) -> None:
    """Verify, copy and render every release in every language, ahead of the server. What is built already stays."""
    _build(releases, release)


def _build(releases: str | None, release: str = "", *, streamlit: bool = True) -> None:
    from portal import logs
    from portal.builder.cache_layout import CacheLayout
    from portal.builder.process import build as run

    configured = settings.read()
    configured = replace(configured, releases=absolute(releases or configured.releases))
    tracebacks = CacheLayout(configured.cache, configured.releases).tracebacks
    logs.configure(configured.log, tracebacks if configured.log == "text" else None)
    try:
        failed = run(configured, release, streamlit=streamlit)
    except CantWrite as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(CANT_WRITE) from error
    if failed:
        where = f"Tracebacks, where there are any: {tracebacks}" if configured.log == "text" else ""
        typer.echo("\n".join(filter(None, [*failed, where])), err=True)
        raise typer.Exit(1)


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="Folder to write: new, empty, or written by this command before.")],
    base_url: Annotated[str, typer.Option("--base-url", help="Where it will stand, such as https://example.org/copy: "
                                          "for citations, feeds and the list of pages.")] = "",
    releases: Annotated[str | None, typer.Option(help="Folder of the releases; else PORTAL_RELEASES.")] = None,
) -> None:
    """Write the plain edition as files that any web server can hold. What is not built yet is built first."""
    from portal.application import static_app
    from portal.exports.static_edition import export as run
    from portal.exports.static_html import SITE

    _build(releases, streamlit=False)
    configured = settings.read()
    site = replace(configured, releases=absolute(releases or configured.releases), address=SITE)
    with _progress("Writing pages, tables and drawings") as progress:
        exported = run(static_app(site), out, base_url, progress)
    typer.echo(f"Exported: {out}, {exported.files:,} files, {exported.size / 1e6:.1f} MB")


@app.command()
def publish(
    extract: Annotated[
        list[Path], typer.Argument(help="The private extract: CSV, TSV, a workbook, Parquet, or a zip of one; several "
                                        "files of one log one after the other.")
    ],
    mapping: Annotated[Path, typer.Option(help="TOML file that says what each column means.")],
    release_id: Annotated[str, typer.Option("--id", help="Name of the release, such as 2027-Q3.")],
    state: Annotated[ReleaseState, typer.Option(help="illustrative, preliminary or official.")],
    roster: Annotated[Path | None, typer.Option(help="The duty roster.")] = None,
    releases: Releases = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be published, and what not and why.")
    ] = False,
    period_end: Day = None,
    published_on: Day = None,
    recorded_through: Day = None,
    accept: Annotated[
        list[str] | None, typer.Option(help="A remark that is right, by its name; may be given more than once.")
    ] = None,
    supersede: Annotated[
        str, typer.Option(help="A table whose published numbers were wrong; with --because.")
    ] = "",
    because: Annotated[str, typer.Option(help="What was wrong with it, in words for everybody.")] = "",
    note: Notes = None,
    costs: Costs = None,
    report: Annotated[Path | None, typer.Option(help="A private page (.html) to review with a colleague.")] = None,
) -> None:
    """Publish a private extract as a release, build it, and let it go live."""
    from portal.publish.publish import publish as run
    from portal.render.pilot_status import pilot_status

    if report and report.suffix != ".html":
        raise typer.BadParameter("the name must end in .html", param_hint="--report")
    pilot = pilot_status() if state != ILLUSTRATIVE else None
    with _progress("Reading, counting, protecting, writing") as progress:
        published = run(
            extract, mapping, release_id, state, releases or settings.releases_folder(), roster=roster,
            dry_run=dry_run, period_end=_day(period_end), published_on=_day(published_on),
            recorded_through=_day(recorded_through), notes=note or (), accept=accept or (),
            supersede=supersede, because=because, pilot_ended=pilot.ended if pilot else None, costs=costs,
            progress=progress,
            before_live=_build_ahead, review=_review(report, state) if report else lambda *_: None,
        )
    _say_published(published, dry_run, report)


def _review(report: Path, state: ReleaseState) -> Callable[["Published", "Extract"], None]:
    """Writes the review page of a publication."""
    from portal.publish.review.page import write_review

    return partial(write_review, report, state)


def _say_published(outcome: "Published", dry_run: bool, report: Path | None) -> None:
    from portal.publish.ingest.problems import report_table
    from portal.publish.output.preview import plan_lines

    typer.echo(report_table(outcome.report))
    for line in (*outcome.remarks, *plan_lines(outcome.plan, dry_run=dry_run)):
        typer.echo(line)
    typer.echo("\n".join(outcome.summary))
    for difference in outcome.differences:
        typer.echo(f"Private, for this screen alone: {difference.with_amounts}")
    typer.echo(f"Published: {outcome.folder}" if outcome.folder else "A dry run: nothing was published.")
    if report:
        typer.echo(f"To review: {report} (private: its second part holds exact counts)")


@app.command("map")
def propose_mapping(
    extract: Annotated[Path, typer.Argument(help="The private extract.")],
    roster: Annotated[Path | None, typer.Option(help="The duty roster.")] = None,
    out: Annotated[Path | None, typer.Option(help="The mapping to write (.toml); else it is printed.")] = None,
) -> None:
    """Read an extract and write a proposed mapping; what is not sure is marked `# check:`."""
    from portal.publish.proposal.command import write_mapping

    typer.echo(write_mapping(extract, roster, out))


@app.command()
def illustrate(
    out: Annotated[Path, typer.Argument(help="CSV file to write; the duty roster is written beside it.")],
    months: int = 18,
    per_month: int = 110,
    hours_per_week: float = 8,
    seed: int = 1,
    start: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day of the first month; else "
                                                   "2026-04-01.")] = None,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Write what had been entered by this "
                                                   "day, as an export of that day; else all.")] = None,
    mess: Annotated[int, typer.Option(help="So many kinds of ordinary damage in it, to practise on; a file beside it "
                                      "says which.")] = 0,
) -> None:
    """Write a made-up private extract, with its duty roster, in the portal's own columns."""
    from portal.publish.synthetic.illustrate import START
    from portal.publish.synthetic.illustrate import illustrate as run

    with _progress("Making calls up") as progress:
        roster = run(
            out, months=months, per_month=per_month, hours_per_week=hours_per_week, seed=seed,
            start=_day(start) or START, as_of=_day(as_of), progress=progress
        )
    typer.echo(f"Made up: {out} and {roster}")
    if mess:
        from portal.publish.synthetic.mess import mess as damage

        typer.echo(f"Damaged in {mess} ways. Find them first; which they are is in {damage(out, roster, mess, seed)}")


@app.command()
def status() -> None:
    """Print what every page says of the pilot, from content/status.toml, or what is wrong with that file."""
    from portal.render.pilot_status import pilot_status

    found = pilot_status()
    typer.echo(found.plain if found else "The file says nothing, so nothing is claimed.")


@app.command()
def verify(
    folder: Annotated[Path | None, typer.Argument(help="A release's folder, or a folder of releases; else the releases "
                                                  "that are served.")] = None,
) -> None:
    """Check hashes and contract, recompute every derived number, and follow the chain of releases: `ok`, or what
    differs.
    """
    from portal.release.chain import verify_folder

    found, head = verify_folder(folder or settings.releases_folder())
    typer.echo("\n".join(found) or "ok")
    if found:
        raise typer.Exit(1)
    typer.echo(f"The head hash is {head}: it commits to everything published up to here.", err=True)


@app.command()
def audit(
    release: Annotated[Path, typer.Argument(help="The release's folder, with the releases before it beside it.")],
    extract: Annotated[list[Path], typer.Argument(help="The private extract it was published from.")],
    mapping: Annotated[Path, typer.Option(help="The mapping it was published with.")],
    roster: Annotated[Path | None, typer.Option(help="The duty roster.")] = None,
) -> None:
    """Publish a release again from the records, and say table by table whether every number follows from them."""
    from portal.publish.audit import audit as run

    found = run(release, extract, mapping, roster)
    typer.echo("\n".join(found.lines()))
    if not found.follows:
        raise typer.Exit(1)


@app.command()
def brief(
    out: Annotated[Path, typer.Argument(help="Where to write it: a name that ends in .pdf or .html.")],
    release: Annotated[str | None, typer.Option(help="The release; else the live one.")] = None,
    lang: Annotated[str, typer.Option(help=f"The language: {', '.join(LANGUAGES)}.")] = DEFAULT,
    large_print: Annotated[bool, typer.Option("--large-print", help="In large print.")] = False,
) -> None:
    """Write the brief for a meeting as PDF/UA-1, or as a page that needs nothing else."""
    from portal.brief.write import write

    if out.suffix not in (".pdf", ".html"):
        raise typer.BadParameter("the name must end in .pdf or .html", param_hint="OUT")
    typer.echo(write(settings.read(), out, release, lang, large_print))


@app.command()
def replicate(
    database: Annotated[str, typer.Argument(help="postgresql+psycopg://USER:PASSWORD@HOST/DATABASE, of a role that may "
                                            "create schemas.")],
    reader: Annotated[str, typer.Option(help="A role that may read it all and change nothing.")] = "",
    releases: Releases = None,
) -> None:
    """Load the releases into a PostgreSQL, for several web servers to read."""
    from portal.replicate import replicate as run

    typer.echo("\n".join(run(database, releases or settings.releases_folder(), reader)))


@app.command()
def withdrawn(
    site: Annotated[str, typer.Argument(help="The site's URL, such as https://portal.example.org.")],
    release: Annotated[str, typer.Argument(help="The withdrawn release, such as 2027-Q3.")],
    also: Annotated[
        Path | None, typer.Option(help="File of further URLs to ask: what this printed before the take-down.")
    ] = None,
    within: Annotated[int, typer.Option(help="Seconds that the site has to let go of it: servers need five, nginx a "
                                        "minute more.")] = 0,
) -> None:
    """Ask a running site whether anything of a withdrawn release still answers; exit 1 and the URLs if so."""
    from portal.withdrawn import withdrawn as run

    answering, questions = run(site, release, also.read_text("utf-8") if also else "", within=within)
    if answering:
        typer.echo("\n".join(answering))
        raise typer.Exit(1)
    typer.echo(f"Nothing of {release} answers: {questions} URLs were asked.")


def run() -> None:
    """The command line, with every refusal as one sentence on stderr: exit 0, 1 (refused) or 2 (wrong usage)."""
    try:
        app()
    except PortalError as error:
        if isinstance(error, ExtractRefused) and error.table:
            typer.echo(error.table, err=True)
        typer.echo(str(error), err=True)
        sys.exit(1)


if __name__ == "__main__":
    run()
