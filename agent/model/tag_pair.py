"""A vSphere tag by name."""

from agent.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TagPair:
    """A tag with the category it belongs to."""

    category: str
    tag: str

    def __str__(self) -> str:
        return f"{self.category}:{self.tag}"
