"""What the code promises in more than one place stands in all of them: settings, errors, measures, README."""

import ast
import re
from inspect import getmembers, isclass

import pytest

import portal.errors
from portal.errors import PortalError
from portal.settings import SETTINGS
from tests.source import ROOT, Module, dotted, modules, report

README_LINES = range(80, 131)
ROW_OF_A_SETTING = re.compile(r"^\|\s*`(PORTAL_[A-Z_]+)`\s*\|.*\S.*\|$", re.MULTILINE)


def readme() -> str:
    path = ROOT / "README.md"
    assert path.is_file(), "There is no README.md: the first thing a newcomer reads"
    return path.read_text(encoding="utf-8")


def test_readme_is_long_enough_to_help_and_short_enough_to_be_read() -> None:
    lines = len(readme().splitlines())
    assert lines in README_LINES, f"README.md has {lines} lines; it is to have 80 to 130"


def test_readme_names_the_two_commands_and_shows_the_portal() -> None:
    text = readme()
    missing = [wanted for wanted in ("make run", "make test", "python -m portal", "pip install -r requirements.txt")
               if wanted not in text]
    assert not missing, f"README.md does not say {', '.join(missing)}"
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert pictures, "README.md shows no screenshot with a text for those who can't see it"
    lost = [picture for picture in pictures if not (ROOT / picture).is_file()]
    assert not lost, f"README.md shows a picture that is not there: {', '.join(lost)}"


def test_readme_lists_every_setting_and_no_other() -> None:
    listed = set(ROW_OF_A_SETTING.findall(readme()))
    known = {setting.variable for setting in SETTINGS}
    assert known, "portal/settings.py has no settings"
    assert not known - listed, f"No row in README's table of settings: {', '.join(sorted(known - listed))}"
    assert not listed - known, f"README lists a setting the portal does not read: {', '.join(sorted(listed - known))}"


def test_every_setting_says_what_it_is_for() -> None:
    silent = [setting.name for setting in SETTINGS if not setting.help.strip()]
    assert not silent, f"These settings have no help: {', '.join(silent)}"
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS), "Two settings have the same name"


def raised_in(module: Module) -> set[str]:
    """Names X of every `with pytest.raises(X)`; a body that raises by itself proves nothing and is left out."""
    found: set[str] = set()
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.With) or any(isinstance(part, ast.Raise) for part in ast.walk(node)):
            continue
        for item in node.items:
            call = item.context_expr
            if isinstance(call, ast.Call) and dotted(call.func) == "pytest.raises" and call.args:
                first = call.args[0]
                names = first.elts if isinstance(first, ast.Tuple) else [first]
                found |= {dotted(name).rsplit(".", 1)[-1] for name in names}
    return found


def test_every_error_is_raised_in_a_test() -> None:
    errors = {name for name, found in getmembers(portal.errors, isclass)
              if issubclass(found, PortalError) and found is not PortalError}
    assert errors, "portal/errors.py has no errors"
    tried = {name for module in modules("tests") for name in raised_in(module)}
    assert not errors - tried, (
        f"No test meets these errors with pytest.raises: {', '.join(sorted(errors - tried))}. "
        "A test does what a person would do wrong, and reads the sentence.")


def test_every_error_is_raised_somewhere_in_the_portal() -> None:
    errors = {name for name, found in getmembers(portal.errors, isclass)
              if issubclass(found, PortalError) and found is not PortalError}
    used = {dotted(node.func).rsplit(".", 1)[-1] for module in modules("portal") for node in ast.walk(module.tree)
            if isinstance(node, ast.Call)}
    assert not errors - used, f"Nothing in the portal raises {', '.join(sorted(errors - used))}: take it out."


@pytest.mark.parametrize(("text", "names"), [
    ("with pytest.raises(NoRelease):\n    open_it()", {"NoRelease"}),
    ("with pytest.raises((errors.A, B), match='x'):\n    f()", {"A", "B"}),
    ("with pytest.raises(NoRelease):\n    raise NoRelease(folder)", set()),
])
def test_an_error_counts_only_when_the_portal_raised_it(text: str, names: set[str]) -> None:
    assert raised_in(Module(ROOT / "x.py", text)) == names


def test_every_measure_has_a_question_a_definition_and_a_unit() -> None:
    from portal.contract.contract import MEASURES

    assert MEASURES, "portal/contract/contract.toml has no measures"
    findings = [f"{name} has no {part}" for name, measure in MEASURES.items()
                for part in ("question", "definition", "unit") if not getattr(measure, part).strip()]
    findings += [f"{name}: its question does not end with a question mark" for name, measure in MEASURES.items()
                 if measure.question.strip() and not measure.question.strip().endswith("?")]
    assert not findings, report("A measure answers a question, says what it counts, and in what.", findings)


def test_every_measure_has_a_figure() -> None:
    from portal.contract.contract import MEASURES
    from portal.figures import FIGURES

    shown = set(FIGURES) | {measure for builder in FIGURES.values() for measure in getattr(builder, "measures", ())}
    without = sorted(set(MEASURES) - shown)
    assert not without, report(
        "A measure nobody can see is not published: a figure has the measure's id, or names it in `measures`.", without)
