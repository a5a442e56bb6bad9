"""What can be downloaded of a release, as the Data page lists it: each table for a spreadsheet, then the files."""

from urllib.parse import urlencode

from portal.language import DEFAULT, gettext_lazy, spoken, t
from portal.release import queries
from portal.release.store import Release
from portal.render.markup import part
from portal.render.rendered import ReleaseTable, RenderedRelease

FILES = {
    "release.sqlite": gettext_lazy("All of it, as a database"),
    "datapackage.json": gettext_lazy("A description of the CSV files, for programs (Data Package)"),
    "protection.json": gettext_lazy("The rules of privacy, and what an attack on this release found"),
    "NOTES.md": gettext_lazy("What is new in this release, what was recorded late, and corrections"),
    "csv/cells.csv": gettext_lazy("The numbers"),
    "csv/measures.csv": gettext_lazy("What each number means, its unit and its source"),
    "csv/periods.csv": gettext_lazy("The periods, with their first and last day"),
    "csv/categories.csv": gettext_lazy("The groups, and what each covers"),
    "csv/labels.csv": gettext_lazy("The names of the groups"),
    "csv/states.csv": gettext_lazy("Which table is shown for which period, and why others are not"),
    "csv/coverage.csv": gettext_lazy("Days without records"),
    "csv/breaks.csv": gettext_lazy("Days from which something is counted in another way"),
    "csv/sums.csv": gettext_lazy("Which periods each total adds up, with their first and last day"),
    "csv/records.csv": gettext_lazy("Of each release, whether few or many records were late, corrected or left out"),
    "csv/errata.csv": gettext_lazy("What was found to be wrong after it was published"),
    "csv/costs.csv": gettext_lazy("What the City says that it costs"),
    "csv/remarks.csv": gettext_lazy("What looked unusual in the records, and was accepted as right"),
    "csv/releases.csv": gettext_lazy("The releases, the days they were due and the days they came out"),
    "csv/attack.csv": gettext_lazy("What the attack on this release tried, and what came of it"),
    "csv/meta.csv": gettext_lazy("What the release says of itself"),
}


def tables(release: Release) -> tuple[ReleaseTable, ...]:
    """The tables of numbers of a release, in the order of the contract."""
    rows = [row for row in queries.table(release, "measures").records if row["kind"] != "release"]
    first = {row["table_id"]: row for row in reversed(rows)}
    return tuple(ReleaseTable(fromkey, t(first[fromkey]["question"]), t(first[fromkey]["definition"]))
                 for fromkey in dict.fromkeys(row["table_id"] for row in rows))


def listed(release: RenderedRelease) -> str:
    """The part of the Data page with all downloads; the tables in the reader's language."""
    query = "" if spoken() == DEFAULT else f"?{urlencode({'lang': spoken()})}"
    files = [(name, t(FILES[name]) if name in FILES else "", digest, size) for name, digest, size in release.files]
    return part("downloads", release.facts, release.tables, query, files)
