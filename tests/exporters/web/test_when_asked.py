"""Pages whose code is loaded when they are asked for."""

import asyncio
from collections.abc import Awaitable, Callable

from exporters.asgi import Request, Response
from exporters.when_asked import when_asked


def test_a_page_is_made_at_its_first_request_and_once_for_all_that_come_together() -> None:
    made: list[str] = []

    def make() -> Callable[[Request], Awaitable[Response]]:
        made.append("made")

        async def answer(request: Request) -> Response:
            return Response.text(request.path)

        return answer

    handler = when_asked(make)
    assert made == []

    async def ask() -> list[bytes]:
        requests = [Request(method="GET", path=path, query="", headers={}) for path in ("/a", "/b", "/c")]
        return [answer.body for answer in await asyncio.gather(*map(handler, requests))]

    assert [body.split()[0] for body in asyncio.run(ask())] == [b"/a", b"/b", b"/c"]
    assert made == ["made"]
