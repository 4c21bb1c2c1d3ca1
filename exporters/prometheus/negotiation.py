"""Which format and coding a scraper gets: it says so in Accept and Accept-Encoding."""

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple


class Format(Enum):
    """The formats that are served, with their content types."""

    TEXT = "text/plain; version=0.0.4; charset=utf-8"
    OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


class _Offer(NamedTuple):
    value: str
    weight: float
    parameters: dict[str, str]


def choose_format(accept: str) -> Format:
    """The format the scraper likes best of those we have; text for whoever does not say."""
    best, weight = Format.TEXT, 0.0
    for offer in _offers(accept):
        found = _format(offer)
        if found is not None and offer.weight > weight:
            best, weight = found, offer.weight
    return best


def gzip_accepted(accept_encoding: str) -> bool:
    """Whether the scraper takes gzip; `gzip;q=0` says that it does not."""
    weights = {offer.value: offer.weight for offer in _offers(accept_encoding)}
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _format(offer: _Offer) -> Format | None:
    if offer.value == "application/openmetrics-text" and offer.parameters.get("version", "1.0.0") in {"1.0.0", "0.0.1"}:
        return Format.OPENMETRICS
    if offer.value in {"text/plain", "text/*", "*/*"}:
        return Format.TEXT
    return None


def _offers(header: str) -> Iterator[_Offer]:
    for offer in header.split(","):
        value, *pairs = (part.strip().lower() for part in offer.split(";"))
        parameters = {name.strip(): text.strip() for name, _, text in (pair.partition("=") for pair in pairs)}
        try:
            weight = float(parameters.get("q", "1"))
        except ValueError:
            weight = 0.0
        if value:
            yield _Offer(value, weight, parameters)
