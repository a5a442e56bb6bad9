"""Pages as ready bytes: rendered and compressed once for what they show, then sent as they are."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cache
from threading import Lock
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from portal.editions.address import base
from portal.editions.html import page_function
from portal.editions.respond import Body, body
from portal.language import speaking
from portal.markup.live import now
from portal.markup.selection import Selection, select
from portal.outline import Page

KEPT = 512  # pages in memory; each is some 40 kB with its compressed forms
ASKED = 4096  # addresses of which it is known which page they show


class Recent(OrderedDict[Hashable, Body]):
    """The bodies used last."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.lock = Lock()

    def find(self, key: Hashable) -> Body | None:
        """The body of a key, used just now."""
        with self.lock:
            if key in self:
                self.move_to_end(key)
            return self.get(key)

    def keep(self, key: Hashable, made: Body) -> None:
        """Keep it, and let go of what was used longest ago."""
        with self.lock:
            self[key] = made
            if len(self) > self.most:
                self.popitem(last=False)


class Pages:
    """The pages of one edition. `write` gives a page's text, in the language in force, on the site of that address."""

    def __init__(self, write: Callable[[Page, Selection, str], str]) -> None:
        self.write = write
        self.pages = Recent(KEPT)
        self.asked = Recent(ASKED)
        self.now: Any = None

    async def get(self, page: Page, request: Request) -> Body:
        """The page that an address asks for: looked up where it was asked for before, since the releases changed."""
        if now() is not self.now:
            self.now, self.asked = now(), Recent(ASKED)
        here = self.asked  # a page that was begun before a release went live is not kept among those after it
        asked = (page, request.scope["query_string"], request.headers.get("accept-language"), base(request))
        found = here.find(asked)
        if found is None:
            found = await run_in_threadpool(self._made, page, request)
            here.keep(asked, found)
        return found

    def _made(self, page: Page, request: Request) -> Body:
        selection = select(request.query_params, request.headers.get("accept-language", ""))
        address = base(request)
        key = (page, address, shows(page, selection))
        found = self.pages.find(key)
        if found is None:
            with speaking(selection.language):
                found = body(self.write(page, selection, address).encode(), "text/html; charset=utf-8")
            self.pages.keep(key, found)
        return found


def shows(page: Page, selection: Selection) -> Hashable:
    """What a page depends on: equal for two addresses that show the same."""
    shelf, here = selection.shelf, selection.now
    given = tuple(sorted(selection.given.items())) if has_form(page) else ()
    return (str(shelf.pictures) if shelf else "", here.shelf.shown.id if here.shelf else "", tuple(here.copies),
            here.refused, selection.language, selection.offered, selection.period, selection.notices,
            selection.chosen, given)


class _Listener:
    """A presenter that only hears whether a page asks for a form."""

    heard = False

    def __getattr__(self, part: str) -> Callable[..., None]:
        self.heard = self.heard or part == "form"
        return lambda *_args, **_kwargs: None


@cache
def has_form(page: Page) -> bool:
    """Whether a page has a form, and so may depend on anything in the address."""
    listener: Any = _Listener()
    page_function(page)(listener)
    return bool(listener.heard)

