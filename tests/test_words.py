"""Words that may not reach a resident, URLs no visitor's browser may load, paths of somebody's machine."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.language import LANGUAGES
from tests.content import shared
from tests.source import files, matches, modules, report, text_of

# What is never said, and what is said instead.
NEVER: dict[str, str] = {
    r"anonym\w*|an[óô]nim[oa]s?": "nobody can promise that; say what is left out and merged",
    r"(HIPAA[- ])?complian(t|ce)|complies with": "say what was tested, when, and what is known to fall short",
    r"proven|proves that": "the evidence is limited and mixed; say who found what",
    r"commit(s|ted|ting)? suicide": "died by suicide",
    r"(un)?success(ful)? (suicide )?attempts?|failed (suicide )?attempts?": "suicide attempt; died by suicide",
    r"(the |a )?mentally ill|mental patients?": "a person in a mental health crisis, a person with a mental illness",
    r"addicts?|(drug|substance|alcohol) abusers?|abusers?|junkies?": "a person with a substance use disorder",
    r"dirty|(get|gets|got|stay|stays|stayed) clean|clean and sober": "say what the test or the person says",
    r"suffer(s|ed|ing)? from": "has, lives with",
    r"the homeless|homeless (people|persons?|man|woman|men|women)": "a person experiencing homelessness",
    r"emotionally disturbed|EDPs?": "a person in a mental health crisis",
    r"frequent[- ](flyers?|users?|utilizers?)": "a person with several calls",
    r"crazy|insane|psycho|lunatics?|maniacs?|deranged": "a person in a mental health crisis",
}
FORBIDDEN = re.compile(rf"(?<![\w-])({'|'.join(NEVER)})(?![\w-])", re.IGNORECASE)

LOADED_FROM_ELSEWHERE = re.compile(
    r"""<(script|img|source|iframe|video|audio|embed|object|track)\b[^>]*\b(src|srcset|data)\s*=\s*["']?(https?:)?//[^"'\s>]*"""
    r"""|<link\b(?=[^>]*\brel\s*=\s*["']?(stylesheet|preload|prefetch|preconnect|dns-prefetch|modulepreload|icon|manifest))"""
    r"""[^>]*\bhref\s*=\s*["']?(https?:)?//[^"'\s>]*"""
    r"""|url\(\s*["']?(https?:)?//[^)]*|@import\s+["'](https?:)?//[^"']*""", re.IGNORECASE)

# Put together here, so that this file does not find itself.
MACHINES = re.compile("|".join((r"(?<![\w./])/wo" + "rk/", "/tmp/" + "v/", r"(?<![\w./])/ro" + "ot/",
                                "/tmp/pl" + "an", "/opt/" + "pypi", r"[A-Z]:\\Us" + "ers\\\\")))
# Words that others write and ask with, by which columns, codes and questions are recognized: nobody is ever told them.
RECOGNIZED_IN = {Path("portal/publish/ingest/keys.py"), Path("portal/publish/proposal/lexicon.toml"),
                 *(Path("portal/search/words", f"{code}.toml") for code in LANGUAGES)}
SHOWN_SUFFIXES = {".html", ".jinja", ".j2", ".md", ".toml", ".txt", ".po", ".pot", ".typ", ".css", ".xml"}


def shown_files() -> list[Path]:
    """Files whose text residents read: contents, templates, the contract, the releases' notes."""
    return [path for path in files() if path.suffix in SHOWN_SUFFIXES and path not in RECOGNIZED_IN
            and (path.parts[0] in {"content", "portal"} or (path.parts[0] == "data" and path.name == "NOTES.md"))]


def shown_texts() -> Iterator[tuple[Path, int, str]]:
    """Every text residents may read: file, its first line's number, text. Docstrings and comments are not shown."""
    for path in shown_files():
        yield path, 1, text_of(path)
    for module in modules("portal", "pages"):
        if module.path not in RECOGNIZED_IN:
            for line, text in module.strings():
                yield module.path, line, text


def test_texts_for_residents_use_no_word_that_hurts_or_promises_too_much() -> None:
    assert any(path.parts[0] == "content" for path in shown_files()), "There is no text in content/ yet"
    assert Path("portal/contract/contract.toml") in shown_files(), "The contract's definitions are not looked at"
    findings = [f"{path}:{first + line - 1} says {word!r}; instead: {advice(word)}"
                for path, first, text in shown_texts() for line, word in matches(FORBIDDEN, text)]
    assert not findings, report("Residents are never told this:", findings)


def advice(word: str) -> str:
    """What to say instead of a forbidden word."""
    return next(better for pattern, better in NEVER.items() if re.fullmatch(pattern, word, re.IGNORECASE))


@pytest.mark.parametrize("text", [
    "These data are anonymous.", "fully HIPAA-compliant", "a proven model", "he committed suicide", "the mentally ill",
    "a drug abuser", "people who suffer from", "help for the homeless", "Emotionally disturbed person",
    "frequent flyer",
    "los datos son anónimos", "Um serviço anônimo",
])
def test_a_forbidden_word_is_found(text: str) -> None:
    found = [word for _, word in matches(FORBIDDEN, text)]
    assert found
    assert advice(found[0])


@pytest.mark.parametrize("text", [
    "a person experiencing homelessness", "unproven", "died by suicide", "Section 12 application", "non-compliant-id",
    "cleared", "a complaint can be made",
])
def test_a_word_that_only_looks_like_one_is_not(text: str) -> None:
    assert not list(matches(FORBIDDEN, text))


def test_nothing_is_loaded_from_a_third_party() -> None:
    templates = [path for path in files() if path.parts[0] in {"portal", "content"}
                 and path.suffix in {".html", ".jinja", ".j2", ".css", ".svg", ".js", ".md"}]
    assert any(path.suffix == ".css" for path in templates), "portal/ has no CSS yet"
    assert any(path.suffix in {".html", ".jinja", ".j2"} for path in templates), "portal/ has no templates yet"
    texts = [(path, 1, text_of(path)) for path in templates]
    texts += [(module.path, line, text) for module in modules("portal", "pages") for line, text in module.strings()]
    findings = [f"{path}:{first + line - 1} loads {found[:90]!r}"
                for path, first, text in texts for line, found in matches(LOADED_FROM_ELSEWHERE, text)]
    assert not findings, report("A visitor's browser speaks to us alone: no font or script of anybody else.", findings)


@pytest.mark.parametrize("text", [
    '<script async src="https://cdn.example.org/x.js"></script>', "<img alt='' src=//example.org/x.png>",
    '<link href="https://fonts.example.org/css" rel="stylesheet">',
    "body { background: url(https://example.org/a.png) }",
    "@import '//example.org/a.css';",
])
def test_a_third_party_is_found(text: str) -> None:
    assert list(matches(LOADED_FROM_ELSEWHERE, text))


def test_a_link_a_visitor_may_follow_is_no_third_party() -> None:
    text = '<a href="https://www.somervillema.gov/">the City</a> <link rel="canonical" href="https://portal.example.org/">'
    assert not list(matches(LOADED_FROM_ELSEWHERE, text))


def test_no_file_names_somebody_s_machine() -> None:
    assert len(files()) > 20
    findings = [f"{path}:{line} has {found!r}" for path in files() for line, found in matches(MACHINES, text_of(path))]
    assert not findings, report("One machine's path means nothing on the next.", findings)


def test_the_path_of_a_machine_is_found() -> None:
    assert list(matches(MACHINES, "open('/ro" + "ot/x')"))
    assert not list(matches(MACHINES, "https://example.org/ro" + "ot/ and docs/wo" + "rk/x"))


def test_every_word_to_avoid_of_the_fact_ledger_is_found() -> None:
    listed = re.search(r"^## 6\. Words\n.*?Not: (.*?)\.", shared("facts.md"), re.DOTALL | re.MULTILINE)
    assert listed
    words = [word for part in listed[1].split(", ") for word in both(part)]
    assert len(words) > 10
    assert [word for word in words if not list(matches(FORBIDDEN, f"He says {word} here."))] == []


def both(listed: str) -> list[str]:
    """`successful/failed attempt` is two: `successful attempt` and `failed attempt`."""
    first, slash, rest = listed.partition("/")
    if not slash:
        return [listed]
    last, _, noun = rest.partition(" ")
    return [f"{first} {noun}", rest] if noun else ["get clean", last]  # clean alone has other meanings
