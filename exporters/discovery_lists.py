"""The lists of targets over HTTP. An answer other than 200 makes Prometheus keep the list that it had."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from agent.model.world import World
from exporters.asgi import Request, Response, compressed
from exporters.service_discovery.lists import PATHS, Misunderstood, NotRead, discovery_document
from exporters.service_discovery.settings import DiscoverySettings


def discovery_handlers(
    status: Callable[[], tuple[World, datetime]], settings: DiscoverySettings
) -> Mapping[str, Callable[[Request], Awaitable[Response]]]:
    """Handlers by path; `status` gives the newest world and the time now."""

    async def answer(request: Request) -> Response:
        world, _ = status()
        try:
            body = await asyncio.to_thread(discovery_document, request.path, request.query, world, settings)
        except Misunderstood as error:
            return Response.text(str(error), status=400)
        except NotRead as error:
            return Response.text(str(error), status=503)
        headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        return compressed(Response(headers=headers, body=body), request)

    return dict.fromkeys(PATHS, answer)
