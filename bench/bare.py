"""`python -m bench.bare PORT FILE`: a Starlette route that answers with a file: what any answer costs."""

import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

BODY = Path(sys.argv[2]).read_bytes() if len(sys.argv) > 2 else b""


async def same(_: Request) -> Response:
    """Always the same."""
    return Response(BODY, headers={"Content-Encoding": "br"}, media_type="text/html")


if __name__ == "__main__":
    uvicorn.run(Starlette(routes=[Route("/", same)]), port=int(sys.argv[1]), log_level="error", access_log=False)
