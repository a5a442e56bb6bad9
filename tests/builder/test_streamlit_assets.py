"""What a first visit loads of Streamlit's is known beforehand, and no more than that."""

from pathlib import Path

import pytest

from portal.builder.streamlit_assets import IMPORTED, at_once, files, for_elements, in_order


def test_the_installed_streamlit_names_its_files_as_expected() -> None:
    first, then = at_once(files()), for_elements(files())
    assert any(name.startswith("static/js/index.") for name in first)
    assert [name.split(".")[0] for name in then[:3]] == ["static/js/Html", "static/js/Selectbox", "static/js/Checkbox"]
    assert not set(first) & set(then)
    assert all((files() / name).is_file() for name in (*first, *then))
    # closed: a module of a page imports nothing that the page does not name
    known = {Path(name).name for name in (*first, *then)}
    assert {match for name in then for match in IMPORTED.findall((files() / name).read_text("utf-8"))} <= known


@pytest.mark.parametrize("heavy", ["embed", "DataFrame", "ArrowVegaLiteChart", "PlotlyChart", "arrowFormatUtils"])
def test_neither_vega_nor_the_data_grid_is_among_them(heavy: str) -> None:
    assert not [one for one in (*at_once(files()), *for_elements(files())) if f"/{heavy}." in one]


def test_other_names_are_no_fault(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<script src="./static/js/main.js"></script>', "utf-8")
    assert at_once(tmp_path) == ("static/js/main.js",)
    assert for_elements(tmp_path) == ()


def test_what_a_page_needs_comes_first() -> None:
    order = [path.relative_to(files()).as_posix() for path in in_order(files())]
    needed = [*at_once(files()), *for_elements(files())]
    assert order[: len(needed)] == needed
    assert len(order) == len(set(order)) == sum(path.is_file() for path in files().rglob("*"))
