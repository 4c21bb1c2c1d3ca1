"""Write every dashboard: `python -m dashboards.boards`."""

from pathlib import Path

from dashboards.boards import rendered

GRAFANA = Path(__file__).parent.parent / "grafana"

for name, text in rendered().items():
    (GRAFANA / f"{name}.json").write_text(text, encoding="utf-8")
