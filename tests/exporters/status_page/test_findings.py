"""The page's tables of what the health checks found and could not judge."""

from dataclasses import replace
from datetime import timedelta

from exporters.status_page.view import view
from tests.worlds import NOW, WORLD


def table(key, world=WORLD, now=NOW):
    shown = view(world, now)
    return next(one for one in (*shown.tables, *shown.blind_spots) if one.key == key)


def cells(found):
    return [[cell.text for cell in row.cells] for row in found.rows]


def test_findings_stand_worst_first_and_what_is_acknowledged_last_with_its_reason():
    rows = cells(table("finding"))
    assert [row[0] for row in rows] == ["critical", "warning", "warning"]
    assert rows[0][1:4] == ["erp-db-01", "snapshot 'before patch' is 9 days old", "vm_snapshot_old"]
    assert "wanted until the audit" in rows[-1][5]


def test_what_no_check_could_judge_names_the_privilege():
    (row,) = cells(table("unjudged"))
    assert row[:4] == ["licence_expiring", "no privilege", "LicenseManager.licenses", "Global.Licenses"]


def test_what_nobody_can_see_any_more_is_not_told_as_if_it_stood():
    assert cells(table("finding", now=NOW + timedelta(hours=1))) == []


def test_before_the_checks_were_made_an_empty_table_is_no_good_news():
    targets = {name: replace(target, health=None) for name, target in WORLD.targets.items()}
    found = table("finding", replace(WORLD, targets=targets))
    assert "well" not in found.empty
