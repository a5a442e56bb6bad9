"""What an analyst has to accept before a release is written: the remarks on its extract."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from portal.contract.contract import threshold
from portal.errors import ExtractRefused
from portal.publish.ingest.extract import Extract, Report, report_table
from portal.publish.ingest.remark import Remark, open_remarks, remark_lines
from portal.release.periods import quarter_of


def with_end_checked(extract: Extract, published: date) -> Extract:
    """The extract, with the remark `ends_early` if it ends inside a quarter that is old enough to be published."""
    newest = published - timedelta(threshold("earliest_days"))
    quarter = quarter_of(newest)
    if quarter.end > newest:
        quarter = quarter_of(quarter.start - timedelta(days=1))
    if not quarter.start <= extract.last_day < quarter.end:
        return extract
    remark = Remark("ends_early", f"The file ends on {extract.last_day}, inside the quarter to {quarter.end}, which is "
                    "left out.", f"{extract.last_day:%Y-%m}", ("received",), first=extract.last_day, last=quarter.end)
    return replace(extract, report=replace(extract.report, remarks=(*extract.report.remarks, remark)))


def check_remarks(report: Report, accepted: Mapping[str, str]) -> None:
    """Raise ExtractRefused if a remark is not accepted. `accepted`: a remark's name or kind -> the reason."""
    unaccepted = open_remarks(report.remarks, accepted)
    if unaccepted:
        many = "remark" if len(unaccepted) == 1 else "remarks"
        names = ", ".join(remark.name for remark in unaccepted)
        raise ExtractRefused(
            f"Nothing was published: {len(unaccepted)} {many} to be looked at ({names}).",
            "Mend what is wrong; accept what is right: --accept NAME, or [accept] in the mapping, with the reason.",
            "\n".join([report_table(report), *remark_lines(report.remarks, accepted, report.place)]))


def accepted_kinds(report: Report, accepted: Mapping[str, str]) -> tuple[str, ...]:
    """The kinds of the remarks that the analyst accepted: a release names these, and no more of a remark."""
    return tuple(sorted({remark.kind for remark in report.remarks if remark.accepted(accepted)}))
