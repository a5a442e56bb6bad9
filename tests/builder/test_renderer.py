"""What is rendered ahead: every figure for every period, each drawing once, each question asked once."""

import subprocess
import sys
from pathlib import Path

import pytest
import vl_convert
from sqlalchemy import event

from portal.builder import renderer
from portal.builder.cache_layout import rendered_from
from portal.builder.drawer import Drawer
from portal.builder.index import DOWNLOADS, EXPLORE, PICTURES, SUMMARY
from portal.builder.rendered_parts import PartDamaged, check_part, figure_from, parts_in, read_part
from portal.figures import FIGURES, build, choices
from portal.release.store import Release
from portal.render.rendered import SITE, RenderedFigure
from tests.source import ROOT

TWO_QUARTERS = ROOT / "data" / "releases" / "2026-Q3"


@pytest.fixture(scope="module")
def in_order() -> list[str]:
    """The parts that `rendered` consists of, in the order in which they were rendered."""
    return []


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory, in_order: list[str]) -> Path:
    folder = tmp_path_factory.mktemp("rendered")
    in_order += [part.part for part in renderer.render(TWO_QUARTERS, folder / "out", folder / "charts", "en", {})]
    return folder


def figures(folder: Path, period: str) -> dict[str, RenderedFigure]:
    rows = read_part(folder / "out", parts_in(folder / "out")[period])["figures"]
    return {name: figure_from(row) for name, row in rows.items()}


def test_what_a_live_release_needs_comes_first_and_every_figure_is_there_for_every_period(
        rendered: Path, in_order: list[str]) -> None:
    periods = [period for period, _ in choices(Release(TWO_QUARTERS))]
    assert len(periods) == 3
    assert in_order == [SUMMARY, EXPLORE, *periods, PICTURES, DOWNLOADS]
    assert set(parts_in(rendered / "out")) == set(in_order)
    assert all(set(figures(rendered, period)) == set(FIGURES) for period in periods)


def test_only_what_is_missing_is_rendered_and_it_is_the_same(rendered: Path) -> None:
    parts = parts_in(rendered / "out")
    have = {part: name for part, name in parts.items() if part != "2026-Q2"}
    outcome = list(renderer.render(TWO_QUARTERS, rendered / "out", rendered / "charts", "en", have))
    assert [(run.part, run.file) for run in outcome] == [("2026-Q2", parts["2026-Q2"])]


RENDERING = """import sys
from pathlib import Path
opened = set()
sys.addaudithook(lambda event, args: opened.add(str(args[0])) if event == "open" else None)
from portal.builder.renderer import render
list(render(*map(Path, sys.argv[1:]), "en", {}))
opened |= {module.__file__ or "" for module in sys.modules.values() if hasattr(module, "__file__")}
print("\\n".join(opened))
"""


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[Path]]:
    """What another process renders, and the files that it read."""
    folder = tmp_path_factory.mktemp("elsewhere")
    process = subprocess.run([sys.executable, "-c", RENDERING, str(TWO_QUARTERS), str(folder / "out"),
                              str(folder / "charts")], cwd=ROOT, check=True, capture_output=True, text=True)
    return folder, {Path(line) for line in process.stdout.splitlines()}


def test_another_process_renders_the_same_bytes(rendered: Path, elsewhere: tuple[Path, set[Path]]) -> None:
    names, others = (sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
                     for folder in (rendered / "out", elsewhere[0] / "out"))
    assert names == others
    assert all((rendered / "out" / name).read_bytes() == (elsewhere[0] / "out" / name).read_bytes() for name in names)


def test_after_an_edit_of_any_file_it_was_rendered_from_it_is_rendered_again(elsewhere: tuple[Path, set[Path]]) -> None:
    source = {".py", ".toml", ".jinja", ".po", ".md", ".json"}
    of_the_project = {path for path in elsewhere[1] if path.suffix in source and path.is_relative_to(ROOT)
                      and path.relative_to(ROOT).parts[0] in {"portal", "pages", "content"}}
    assert len(of_the_project) > 80
    assert of_the_project - set(rendered_from()) == set()


def test_a_picture_is_of_the_period_that_its_answer_speaks_of(rendered: Path) -> None:
    pictures = set()
    for period, words in choices(Release(TWO_QUARTERS))[1:]:
        figure = figures(rendered, period)["demand.by_type"]
        assert words in figure.answer
        pictures.add(figure.picture)
    assert len(pictures) == 2


def test_a_citation_holds_the_place_of_the_sites_address_which_is_known_where_it_is_sent(rendered: Path) -> None:
    figure = figures(rendered, "2026-Q3")["response.met"]
    assert figure.url.startswith(f"{SITE}/plain/figure/response.met?release=2026-Q3")
    assert SITE in figure.html


@pytest.mark.parametrize("what", ["a drawing", "its compressed form", "the part", "a download"])
def test_a_file_that_is_not_what_was_written_is_found(rendered: Path, what: str) -> None:
    out, parts = rendered / "out", parts_in(rendered / "out")
    period = parts["2026-Q3"]
    drawing = next(name for name in read_part(out, period)["files"] if name.endswith(".svg"))
    part, file = {"a drawing": (period, drawing), "its compressed form": (period, f"{drawing}.br"),
                  "the part": (period, period), "a download": (parts[DOWNLOADS], "files/csv/cells.csv")}[what]
    content = (out / file).read_bytes()
    (out / file).unlink()  # its other names keep their bytes
    (out / file).write_bytes(bytes([content[0] ^ 1]) + content[1:])
    try:
        with pytest.raises(PartDamaged):
            check_part(out, part)
    finally:
        (out / file).write_bytes(content)
    check_part(out, part)


def test_a_chart_that_was_drawn_before_is_not_drawn_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    real = vl_convert.vegalite_to_svg
    monkeypatch.setattr(vl_convert, "vegalite_to_svg", lambda spec: drawn.append(spec) or real(spec))
    release = Release(TWO_QUARTERS)
    for figure, times in (("demand.received", 1), ("outcome.kind", 2)):  # the same for both quarters, and not
        drawn.clear()
        drawer = Drawer("/figure/x/en", tmp_path / figure, tmp_path / "charts")
        drawer.out.mkdir()
        for period, _ in choices(release):
            drawer.figure(build(release, figure, period))
        assert len(drawn) == len(set(drawn)) <= 2 * times, figure  # wide and narrow; dark is made of light
        files = sorted(path.name for path in drawer.out.iterdir())
        drawn.clear()
        other = Drawer("/figure/y/en", tmp_path / f"{figure}-again", tmp_path / "charts")
        other.out.mkdir()
        for period, _ in choices(release):
            other.figure(build(release, figure, period))
        assert (drawn, sorted(path.name for path in other.out.iterdir())) == ([], files)


def test_a_release_is_asked_each_question_once() -> None:
    release = Release(TWO_QUARTERS)
    asked: list[str] = []
    event.listen(release.engine, "before_cursor_execute",
                 lambda _connection, _cursor, statement, values, *_: asked.append(f"{statement} {values}"))
    for figure in FIGURES:
        for quarter, _ in choices(release):
            build(release, figure, quarter)
    assert asked
    assert len(asked) == len(set(asked))
