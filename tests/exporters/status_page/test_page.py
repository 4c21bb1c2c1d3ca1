"""The HTML: everything escaped, nothing from elsewhere, readable by machines and screen readers."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from exporters.status_page.page import render
from exporters.status_page.static_files import static_files
from tests.exporters.status_page.sample_world import (
    NOW,
    healthy_world,
    inventory,
    large_world,
    machine,
    target,
    troubled_inventory,
    troubled_world,
    world,
)

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}"
VOID = {"meta", "link", "input", "br", "img"}


class Elements(HTMLParser):
    """Collects start tags, and complains about elements that are closed out of order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"


def elements(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Elements()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser.tags


@pytest.mark.parametrize("query", ["", "vm=erp&vm_sort=-cpu&host=nothing-like-it"])
@pytest.mark.parametrize("shown", [healthy_world(), troubled_world(), world(target(known=None)), world()])
def test_every_page_is_well_formed_and_its_ids_are_unique(shown: object, query: str) -> None:
    tags = elements(render(shown, NOW, query))
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    referred = {
        attributes[name]
        for _, attributes in tags
        for name in ("aria-labelledby", "for")
        if attributes.get(name) is not None
    }
    assert referred <= set(ids)


def test_names_from_vcenter_and_from_the_url_are_escaped() -> None:
    known = troubled_inventory()
    vms = {**known.vms, "vm-1": machine(1, HOSTILE, question=HOSTILE, guest_os=HOSTILE)}
    html = render(world(target(HOSTILE, replace(known, vms=vms))), NOW, f"vm={HOSTILE}")
    tags = elements(html)
    assert [attributes.get("src") for tag, attributes in tags if tag == "script"] == [static_files()["page.js"].url]
    assert not [tag for tag, _ in tags if tag == "img"]
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    assert "49" not in re.findall(r"\d+", html.split("&lt;img", 1)[1].split("</td>", 1)[0])


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_styled_or_run_inline() -> None:
    for tag, attributes in elements(render(troubled_world(), NOW)):
        assert tag != "style"
        assert "style" not in attributes
        for name in ("src", "href", "action"):
            assert not re.match(r"[a-z]+:|//", attributes.get(name) or "", re.IGNORECASE)


def test_a_state_is_told_by_words_and_icons_beside_its_colour() -> None:
    html = render(troubled_world(), NOW)
    row = re.search(r"<tr>\s*<td[^>]*>esx2\.example\.test</td>.*?</tr>", html, re.DOTALL)
    assert row
    assert "not responding" in row[0]
    assert "#icon-bad" in row[0]


def test_moments_are_machine_readable_and_in_utc() -> None:
    html = render(troubled_world(), NOW)
    assert '<time datetime="2026-11-24T07:39:45Z">2026-11-24 07:39Z</time>' in html
    assert '<time id="generated" datetime="2026-11-24T07:51:45Z">' in html


def test_sorted_columns_say_so_to_screen_readers() -> None:
    tags = elements(render(healthy_world(), NOW, "vm_sort=-memory"))
    assert [attributes["aria-sort"] for tag, attributes in tags if tag == "th"].count("descending") == 2  # used, memory


def test_a_large_estate_gives_a_small_page_that_says_what_it_hides() -> None:
    html = render(large_world(5000), NOW)
    assert len(html) < 500_000
    assert "4,800 not shown" in html
    assert "vm-4711" not in html
    assert ">vm-4711<" in render(large_world(5000), NOW, "vm=vm-4711")


def test_the_page_prints_only_its_own_dash_for_what_is_absent() -> None:
    html = render(world(target(known=inventory(vms={"vm-1": machine(1, "bare", guest_os=None)}))), NOW)
    assert '<td class="word" title="vCenter did not say">' in html
    assert ">None<" not in html
