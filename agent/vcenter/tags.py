"""Tags: which hang on which objects. vCenter tells it over REST only, and only of categories that are asked for by name."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from agent.errors import NotPermitted, Refused, Undecodable
from agent.model.tag_pair import TagPair
from agent.vcenter.rest_session import RestSession, rest_session
from agent.vcenter.transport import Transport

_CATEGORY, _TAG, _ASSOCIATION = "cis/tagging/category", "cis/tagging/tag", "cis/tagging/tag-association"
_AT_ONCE = 100
"""Tags in one question."""


class TagsRead(NamedTuple):
    """What was found."""

    tags: Mapping[str, tuple[TagPair, ...]]
    """by moid, sorted"""
    missing: tuple[str, ...]
    """categories that are not there, or may not be read"""
    unreadable: int
    """tags of the others that may not be read"""


def read_tags(transport: Transport, username: str, password: str, categories: Collection[str]) -> TagsRead:
    """Log in, read the tags of these categories and what they hang on, log out.

    Raises:
        LoginRefused: do not try again with this password.
        VCenterError: they cannot be read now.
    """
    found: defaultdict[str, list[TagPair]] = defaultdict(list)
    pairs: dict[str, TagPair] = {}
    unreadable = 0
    with rest_session(transport, username, password) as session:
        ids = _category_ids(session, categories)
        for category, identity in ids.items():
            for tag_id in session.call(_TAG, "list-tags-for-category", {"category_id": identity}):
                tag = _name(session, _TAG, str(tag_id))
                if tag is None:
                    unreadable += 1
                else:
                    pairs[str(tag_id)] = TagPair(category=category, tag=tag)
        for tag_id, moids in _attached(session, list(pairs)):
            for moid in moids:
                found[moid].append(pairs[tag_id])
    return TagsRead(
        tags={moid: tuple(sorted(one, key=lambda pair: (pair.category, pair.tag))) for moid, one in found.items()},
        missing=tuple(sorted(set(categories) - set(ids))),
        unreadable=unreadable,
    )


def _category_ids(session: RestSession, categories: Collection[str]) -> dict[str, str]:
    """By name, of those that are wanted and may be read."""
    found: dict[str, str] = {}
    for identity in session.list_ids(_CATEGORY):
        name = _name(session, _CATEGORY, identity)
        if name is not None and name in categories:
            found[name] = identity
            if len(found) == len(categories):
                break
    return found


def _name(session: RestSession, kind: str, identity: str) -> str | None:
    """None for what was removed meanwhile, or may not be read."""
    try:
        name = session.get(kind, identity).get("name")
    except (NotPermitted, Refused):
        return None
    return name if isinstance(name, str) and name else None


def _attached(session: RestSession, tag_ids: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Each tag with the moids of the objects that it hangs on and that may be seen."""
    for at in range(0, len(tag_ids), _AT_ONCE):
        batch = tag_ids[at : at + _AT_ONCE]
        try:
            yield from _objects(session, batch)
        except (NotPermitted, Refused):
            # one that may not be read, or has gone, costs the whole question
            for tag_id in batch:
                try:
                    yield from _objects(session, [tag_id])
                except (NotPermitted, Refused):
                    continue


def _objects(session: RestSession, tag_ids: Sequence[str]) -> list[tuple[str, list[str]]]:
    asked = set(tag_ids)
    answer = session.call(_ASSOCIATION, "list-attached-objects-on-tags", {"tag_ids": list(tag_ids)})
    return [pair for pair in map(_pair, answer) if pair[0] in asked]


def _pair(one: Any) -> tuple[str, list[str]]:
    try:
        return str(one["tag_id"]), [str(found["id"]) for found in one.get("object_ids") or ()]
    except (KeyError, TypeError, AttributeError) as error:
        raise Undecodable(
            f"the answer on tags cannot be understood ({type(error).__name__})",
            cure="report it with the version of vCenter",
        ) from None
