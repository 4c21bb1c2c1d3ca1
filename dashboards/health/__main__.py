"""Write rules, cases and runbooks anew: `python -m dashboards.health`."""

from dashboards.health import ROOT, rendered

files = rendered()
for page in (ROOT / "runbooks").glob("Health*.md"):
    if page not in files:
        page.unlink()
for path, text in files.items():
    path.write_text(text, encoding="utf-8")
