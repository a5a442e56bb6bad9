"""Copy buttons: there where a script runs, and what they copy is what stands on the card."""

from tests.browser.conftest import NewPage
from tests.browser.server import Server


def test_a_button_copies_what_stands_on_the_card(portal_server: Server, new_page: NewPage) -> None:
    page = new_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{portal_server.url}/calls")
    card = page.locator("[data-testid=stMain] [id='service.coverage']")
    card.locator(".tools summary", has_text="Share").click()
    for part in ("sql", "cite", "link", "frame"):
        page.evaluate("() => { document.querySelector('.heard').textContent = ''; }")
        card.locator(f"[data-copy$='-{part}']").click()
        page.locator(".heard", has_text="Copied").wait_for(state="attached")
        shown = card.locator(f"[id='service.coverage-{part}']")
        codes = shown.locator("code").all_text_contents()
        stands = ";\n\n".join(codes) if codes else (shown.text_content() or "").strip()
        assert page.evaluate("() => navigator.clipboard.readText()") == stands, part


def test_without_a_script_there_is_no_button(portal_server: Server, new_page: NewPage) -> None:
    page = new_page(javascript=False)
    page.goto(f"{portal_server.url}/plain/calls")
    card = page.locator("[id='service.coverage']")
    card.locator(".tools summary", has_text="Share").click()
    assert card.locator("[id='service.coverage-cite']").is_visible()
    assert card.locator(".copy").first.is_hidden()
