"""The status page as HTML: the template only prints what the view decided, and escapes all of it."""

from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from agent.model.world import World
from exporters.status_page.static_files import static_files
from exporters.status_page.view import view


def render(world: World, now: datetime, query: str = "") -> str:
    """The whole page at `now`; `query` is the URL's query string."""
    files = static_files()
    return _template().render(
        view=view(world, now, query),
        urls={name: file.url for name, file in files.items()},
        # a page that refreshes itself reloads wholly when the agent behind it was replaced by another build
        build="-".join(sorted(file.digest for file in files.values())),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("exporters.status_page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")
