"""The page's style sheet, script and icon: package data, read once, known by a digest of their content."""

from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from importlib import resources

from agent.dataclass import dataclass

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticFile:
    """One file; `digest` changes when its content does."""

    name: str
    content_type: str
    body: bytes
    digest: str

    @property
    def etag(self) -> str:
        """As HTTP writes it."""
        return f'"{self.digest}"'

    @property
    def url(self) -> str:
        """Relative to the page, so that a path prefix of a reverse proxy does no harm; new content, new URL."""
        return f"static/{self.name}?v={self.digest}"


@cache
def static_files() -> Mapping[str, StaticFile]:
    """All of them by name."""
    found = {}
    for entry in resources.files(__package__).joinpath("static").iterdir():
        suffix = entry.name[entry.name.rfind(".") :]
        if suffix in CONTENT_TYPES:
            body = entry.read_bytes()
            digest = blake2b(body, digest_size=8).hexdigest()
            found[entry.name] = StaticFile(
                name=entry.name, content_type=CONTENT_TYPES[suffix], body=body, digest=digest
            )
    return found
