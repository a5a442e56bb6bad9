"""What is made ahead of the visitors: every figure for every quarter, each drawing once, each question asked once."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event

from portal.builder import renderer
from portal.figures import FIGURES, choices
from portal.release.store import Release
from tests.source import ROOT

SHIPPED = ROOT / "data" / "releases"
TWO_QUARTERS = SHIPPED / "2026-Q3"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "shelf"
    renderer.main(TWO_QUARTERS, out)
    return out


def figures(made: Path) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads((made / "shelf.json").read_text(encoding="utf-8"))["figures"]
    return found


def test_every_figure_is_there_for_every_quarter(made: Path) -> None:
    quarters = [one for one, _ in choices(Release(TWO_QUARTERS))]
    assert len(quarters) == 2
    assert set(figures(made)) == {f"{figure}|{quarter}" for figure in FIGURES for quarter in quarters}


def test_several_processes_make_the_same(made: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "portal.builder.renderer", str(TWO_QUARTERS), str(tmp_path / "shelf"), "en"],
                   cwd=ROOT, check=True)
    names, others = (sorted(one.relative_to(folder) for one in folder.rglob("*") if one.is_file())
                     for folder in (made, tmp_path / "shelf"))
    assert names == others
    assert all((made / name).read_bytes() == (tmp_path / "shelf" / name).read_bytes() for name in names)


def test_a_picture_is_of_the_quarter_that_its_answer_speaks_of(made: Path) -> None:
    for quarter, words in choices(Release(TWO_QUARTERS)):
        one = figures(made)[f"response.met|{quarter}"]
        assert words in one["answer"]
        assert f"calls it could take, {words}" in one["spec"]


def test_the_same_chart_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    real = renderer.vl_convert.vegalite_to_svg
    monkeypatch.setattr(renderer.vl_convert, "vegalite_to_svg", lambda spec: drawn.append(spec) or real(spec))
    for figure, times in (("demand.received", 1), ("outcome.kind", 2)):  # the same for both quarters, and not
        drawn.clear()
        renderer.entries(TWO_QUARTERS, tmp_path, "en", figure)
        assert len(drawn) == len(set(drawn)) <= 3 * times, figure  # wide, narrow, small; dark is made of light


def test_a_release_is_asked_each_question_once(tmp_path: Path) -> None:
    release = Release(TWO_QUARTERS)
    asked: list[str] = []
    event.listen(release.engine, "before_cursor_execute",
                 lambda _connection, _cursor, statement, values, *_: asked.append(f"{statement} {values}"))
    for figure in FIGURES:
        for quarter, _ in choices(release):
            renderer.build(release, figure, quarter)
    assert asked
    assert len(asked) == len(set(asked))
