"""Both languages say everything, and write numbers and times as people there do."""

import re
import tomllib
from datetime import UTC, datetime
from fractions import Fraction
from importlib import resources
from zoneinfo import ZoneInfo

from agent.model.availability import Cause
from agent.model.billing import BillVerdict, Dimension
from agent.model.contract import Aggregation, Clock
from agent.model.contract_claims import EvidenceClass, Unit
from agent.model.incident_match import Match
from agent.model.verdict import Outside, Verdict
from exporters.report.findings import FindingKind
from exporters.report.language import LANGUAGES, language

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def texts(code):
    return tomllib.loads(resources.files("exporters.report").joinpath(f"{code}.toml").read_text(encoding="utf-8"))


def test_both_languages_have_the_same_texts_with_the_same_gaps():
    shapes = [
        {
            (section, key): sorted(re.findall(r"{(\w+)}", text))
            for section, keys in texts(code).items()
            for key, text in keys.items()
        }
        for code in LANGUAGES
    ]
    assert shapes[0] == shapes[1]


def test_every_text_is_asked_for_by_a_value_of_the_model_or_by_the_page():
    for code in LANGUAGES:
        found = texts(code)
        for section, kinds in {
            "cause": (Cause,),
            "verdict": (Verdict, BillVerdict, Match),
            "dimension": (Dimension,),
            "aggregation": (Aggregation,),
            "clock": (Clock,),
            "evidence": (EvidenceClass,),
            "unit": (Unit,),
            "outside": (Outside,),
            "finding": (FindingKind,),
            "next": (FindingKind,),
        }.items():
            assert {one.value for kind in kinds for one in kind} <= set(found[section]), section


def test_figures_are_cut_off_and_never_rounded_up():
    english, danish = language("en"), language("da")
    assert english.number(Fraction("99.8979"), 3) == "99.897"
    assert danish.number(Fraction(1234567, 100), 2) == "12.345,67"
    assert english.number(Fraction(-5, 1000), 3, whole=True) == "\N{MINUS SIGN}0.005"
    assert english.number(Fraction(-1, 10_000), 3, whole=True) == "0"
    assert english.number(Fraction(8), 2, whole=True) == "8"
    assert english.signed(Fraction(3, 2)) == "+1.5"
    assert english.number(None) == "not known"


def test_times_have_their_offset_and_lengths_their_seconds():
    at = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert language("da").moment(at, COPENHAGEN) == "25.10.2026 02:30:00 +02:00"
    assert language("en").moment(at.replace(hour=1), COPENHAGEN) == "2026-10-25 02:30:00 +01:00"
    assert language("en").length(2838) == "47 min 18 s"
    assert language("da").length(4 * 3600 + 60) == "4 t 1 min"
    assert language("en").length(0) == "0 s"
    assert language("da").month("2026-10") == "oktober 2026"
