"""Pages as ready bytes: rendered and compressed once for what they show, then sent as they are."""

from collections.abc import Callable, Hashable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.language import speaking
from portal.page import Page
from portal.render.commitments import overdue
from portal.render.rendered import Selection, Snapshot
from portal.server.responses import FRESH, Body, body, respond
from portal.server.selection import select
from portal.server.site_address import base
from portal.server.snapshot import now

KEPT = 24_000_000  # bytes of pages in memory, and of answers; a page is 40 to 150 kB with its compressed forms
ASKED, LONGEST = 4096, 600  # addresses of which it is known which page they show; longer ones are looked at each time
ENTRY = 3000  # bytes at most that an answer takes beside its own: its address, what is said of it, and Python's share
PLACE = "portal.place"  # in a request's scope: where its answer may be kept
Thing = TypeVar("Thing")


class Recent(Generic[Thing]):
    """The things used last, up to a size altogether: whatever strangers ask for, it can't fill the memory."""

    def __init__(self, most: int, size: Callable[[Thing], int] = lambda _: 1) -> None:
        self.things: MutableMapping[Hashable, Thing] = LRUCache(most, size)
        self.lock = Lock()  # to look something up is a change too: it was used last

    def find(self, key: Hashable) -> Thing | None:
        """What is kept under a key, used just now."""
        with self.lock:
            return self.things.get(key)

    def keep(self, key: Hashable, made: Thing) -> None:
        """Keep it, and let go of what was used longest ago; not what is larger than all that may be kept."""
        with self.lock, suppress(ValueError):
            self.things[key] = made


class Lately(Generic[Thing]):
    """The things used last since the releases changed, and since one became late: both change what is to be said."""

    def __init__(self, most: int, size: Callable[[Thing], int] = lambda _: 1) -> None:
        self.most, self.size = most, size
        self.served: Snapshot | None = None
        self.late = ""
        self.recent: Recent[Thing] = Recent(most, size)

    def here(self) -> Recent[Thing]:
        """Those of now. Taken once for a request: what was begun before a change is not kept among those after it."""
        served = now()
        late = overdue(served.shelf.known) if served.shelf else ""
        if served is not self.served or late != self.late:
            self.served, self.late, self.recent = served, late, Recent(self.most, self.size)
        return self.recent


def weight(one: Body) -> int:
    """The bytes of a page in every form, and what keeping it takes: else a hundred thousand tiny ones would be."""
    return ENTRY + len(one.content) + len(one.brotli or b"") + len(one.gzip or b"")


@dataclass(frozen=True)
class Answer:
    """Bytes, how long they last, and what else is said of them."""

    body: Body
    cache: str
    headers: Mapping[str, str]


def asks_for_csv(scope: Scope) -> bool:
    """Whether a request names CSV in its Accept header: the same address may then have another answer than for all
    others, whose answer is the one that is cached.
    """
    return any(name == b"accept" and b"text/csv" in value.lower() for name, value in scope["headers"])


class Answered:
    """ASGI middleware: gives the answer that an address got before, for as long as the releases do not change and none
    becomes late. It stands before routes and Streamlit's own compression, which take longer than the look-up.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.answers: Lately[Answer] = Lately(KEPT, lambda one: weight(one.body))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on, with the place where the answer may be kept."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or asks_for_csv(scope):
            await self.app(scope, receive, send)
            return
        here, request = self.answers.here(), Request(scope)
        key = scope["path"], scope["query_string"], base(request)
        found = here.find(key)
        if found is None:
            scope[PLACE] = here, key
            await self.app(scope, receive, send)
        else:
            await respond(request, found.body, cache=found.cache, headers=found.headers)(scope, receive, send)


def again(request: Request, ready: Body, cache: str = FRESH, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a request (as `respond`) that everybody gets who asks for this address, until the releases change
    or one is late. Only for what depends on nothing but these and the address.
    """
    answers, key = request.scope.get(PLACE, (None, ()))
    if answers is not None and len(str(key)) <= LONGEST:
        answers.keep(key, Answer(ready, cache, headers or {}))
    return respond(request, ready, cache=cache, headers=headers)


class Pages:
    """The pages of one edition. `write` gives a page's text, in the language in force, on the site of that address."""

    def __init__(self, write: Callable[[Page, Selection, str], str]) -> None:
        self.write = write
        self.pages: Recent[Body] = Recent(KEPT, weight)
        self.asked: Lately[Hashable] = Lately(ASKED)  # to each address the key of its page

    async def get(self, page: Page, request: Request) -> Body:
        """The page that an address asks for: looked up where it was asked for before, since anything changed."""
        here = self.asked.here()
        asked = (page.id, request.scope["query_string"], request.headers.get("accept-language"), base(request))
        known = here.find(asked)
        if known is not None and (found := self.pages.find(known)) is not None:
            return found
        key, made, lasts = await run_in_threadpool(self._made, page, request)
        if lasts and len(str(asked)) <= LONGEST:
            here.keep(asked, key)
        return made

    def _made(self, page: Page, request: Request) -> tuple[Hashable, Body, bool]:
        """The page, its key, and whether it stays so: not where it is in English until its language is ready."""
        selection = select(request.query_params, request.headers.get("accept-language", ""))
        address = base(request)
        key = (page.id, address, shows(page, selection))
        found = self.pages.find(key)
        if found is None:
            with speaking(selection.language):
                found = body(self.write(page, selection, address).encode(), "text/html; charset=utf-8")
            self.pages.keep(key, found)
        shelf = selection.shelf
        return key, found, shelf is None or shelf.pictures.name.endswith(f"-{selection.language}")


def shows(page: Page, selection: Selection) -> Hashable:
    """What a page depends on: equal for two addresses that show the same."""
    shelf, here = selection.shelf, selection.now
    given = tuple(sorted(selection.given.items())) if page.forms else ()
    return (str(shelf.pictures) if shelf else "", here.shelf.shown.id if here.shelf else "", tuple(here.copies),
            here.refused, selection.language, selection.offered, selection.period, selection.notices,
            selection.chosen, given)
