"""The City's file of costs: read as it is, or refused with the line and what to do."""

from pathlib import Path

import pytest

from portal.errors import ReleaseRefused
from portal.publish.ingest.costs import Cost, read_costs

HEADER = "quarter,amount,covers,source\n"


def file(folder: Path, text: str) -> Path:
    path = folder / "costs.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_line_a_quarter_is_read(tmp_path: Path) -> None:
    path = file(tmp_path, HEADER + "2026-Q2,1250.5,\"Pay of the team, no cars\",Budget\n2026-Q3,0,Nothing yet,Same\n")
    assert read_costs(path) == (Cost("2026-Q2", 1250.5, "Pay of the team, no cars", "Budget"),
                                Cost("2026-Q3", 0.0, "Nothing yet", "Same"))


@pytest.mark.parametrize(("text", "why"), [
    ("", "it has no lines, or other columns"),
    (HEADER, "it has no lines, or other columns"),
    ("quarter,amount\n2026-Q2,1\n", "it has no lines, or other columns"),
    (HEADER + "2026-Q2,1,x,y,z\n", "it has no lines, or other columns"),
    (HEADER + "2026-Q2,1\n", "line 2 does not say what the amount covers"),
    (HEADER + "2026-Q5,1,x,y\n", "line 2 names no quarter. Write it like 2027-Q3."),
    (HEADER + "Q2 2026,1,x,y\n", "line 2 names no quarter"),
    (HEADER + "2026-Q2,1,x,y\n2026-Q3,\"1,250\",x,y\n", "the amount in line 3 is none"),
    (HEADER + "2026-Q2,-1,x,y\n", "the amount in line 2 is none"),
    (HEADER + "2026-Q2,nan,x,y\n", "the amount in line 2 is none"),
    (HEADER + "2026-Q2,1,x,\n", "line 2 does not say what the amount covers, or where it is from"),
    (HEADER + "2026-Q2,1,x,y\n2026-Q2,2,x,y\n", "a quarter stands there twice"),
])
def test_anything_else_is_refused_with_its_line(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(ReleaseRefused) as refused:
        read_costs(file(tmp_path, text))
    sentence = f"{refused.value.what} {refused.value.next_step}"
    assert sentence.startswith("The file of costs costs.csv can't be used: ") and why in sentence


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00")
    for name in ("x.csv", "none.csv"):
        with pytest.raises(ReleaseRefused, match="can't be read as CSV in UTF-8"):
            read_costs(tmp_path / name)
