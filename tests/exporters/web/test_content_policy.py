"""Pages need nothing that the strict Content-Security-Policy forbids."""

import re
from pathlib import Path

import pytest

from exporters.web import CONTENT_SECURITY_POLICY

EXPORTERS = Path(__file__).parents[3] / "exporters"
PAGES = sorted((EXPORTERS / "status_page/templates").glob("*.html"))
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|<script\b(?![^>]*\ssrc=)|\son[a-z]+\s*=|javascript:|\b(?:src|href)\s*=\s*[\"']?https?:",
    re.IGNORECASE,
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_has_no_inline_script_or_style_and_loads_nothing_from_elsewhere(page: Path) -> None:
    assert [found[0] for found in INLINE.finditer(page.read_text())] == []


@pytest.mark.parametrize(
    "inline", ['<p style="x">', "<style>", "<script>x</script>", '<a onclick="x">', '<img src="https://example.com/x">']
)
def test_what_the_policy_forbids_is_found(inline: str) -> None:
    assert INLINE.search(inline)


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'")
