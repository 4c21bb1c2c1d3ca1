"""Which servers are under which terms, and when they were."""

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from itertools import pairwise

from agent.claims.seconds import Stretches, second, united, within
from agent.model.claim_evidence import Identity, ServerRecord
from agent.model.contract import Selector, ServiceGroup
from agent.model.contract_time import AppliesTo


def group_of(groups: Sequence[ServiceGroup], identity: Identity) -> ServiceGroup | None:
    """The first group that selects a server; None: no group does."""
    for group in groups:
        if selects(group.select, identity) and not selects(group.except_, identity):
            return group
    return None


def selects(selector: Selector, identity: Identity) -> bool:
    """Whether any one of its conditions is true."""
    if any(re.search(one, identity.name, re.IGNORECASE) for one in selector.names):
        return True
    if identity.folder is not None and any(in_folder(identity.folder, one) for one in selector.folders):
        return True
    if set(selector.tags) & set(identity.tags or ()):
        return True
    known = identity.attributes or {}
    return any(
        name in known and re.search(one, known[name], re.IGNORECASE) for name, one in selector.attributes.items()
    )


def in_folder(folder: str, pattern: str) -> bool:
    """`/DC1/vm/Prod/**` is Prod and what is below; `/DC1/vm/Prod` is Prod alone; * stands for one folder's name."""
    steps = [step for step in folder.split("/") if step]
    wanted = [step for step in pattern.split("/") if step]
    if wanted and wanted[-1] == "**":
        wanted.pop()
        steps = steps[: len(wanted)]
    return len(steps) == len(wanted) and all(map(fnmatchcase, steps, wanted))


def membership(
    server: ServerRecord, groups: Sequence[ServiceGroup], group_id: str | None, start: int, end: int
) -> Stretches:
    """The seconds in which a server was in a group; None: in any group."""
    found = []
    since = [start, *(max(start, second(one.since)) for one in server.identities[1:]), end]
    for identity, (begin, until) in zip(server.identities, pairwise(since), strict=True):
        group = group_of(groups, identity)
        if group is not None and group_id in {None, group.id}:
            found.append((begin, min(until, end)))
    return within(united(found), start, end)


def named(patterns: Iterable[str], name: str) -> bool:
    """Whether a server is listed by name; * stands for any text, case does not matter."""
    return any(fnmatchcase(name.casefold(), one.casefold()) for one in patterns)


def applies(where: AppliesTo, name: str, group: str | None) -> bool:
    """Whether something is about a server; with no names and no groups it is about all."""
    if not (where.servers or where.service_groups):
        return True
    return named(where.servers, name) or (group is not None and group in where.service_groups)
