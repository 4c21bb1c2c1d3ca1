"""The scaling law is found where there is one, and the picture shows the figures that were kept."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from tests.bench.document import FIGURES
from tests.bench.figures import Figures, load
from tests.bench.scaling import PICTURE, by_change, by_size, law, picture

ONE = load(FIGURES).measurements[0]


def measured(vms, cpu, changing=10.0):
    return replace(ONE, vms=vms, cpu_s_a_minute=cpu, changing_percent=changing, cadence_s=20)


def test_a_line_through_points_that_lie_on_one_is_that_line():
    found = law([measured(vms, 0.2 + 0.0015 * vms) for vms in (80, 1000, 10000)])
    assert (found.fixed_s, found.vm_s) == (pytest.approx(0.2), pytest.approx(0.0015))
    assert found.one_core_holds == pytest.approx((60 - 0.2) / 0.0015, abs=1)


def test_a_small_estate_counts_as_much_as_a_large_one():
    found = law([measured(100, 0.3), measured(1000, 1.2), measured(10000, 11.0)])
    assert found.fixed_s + found.vm_s * 100 == pytest.approx(0.3, rel=0.1)


def test_one_size_makes_no_law():
    with pytest.raises(ValueError, match="two sizes"):
        law([measured(80, 0.3), measured(80, 0.4)])


def test_the_picture_has_a_point_and_its_figure_for_each_measurement():
    sizes = [measured(80, 0.31), measured(1000, 1.52), measured(10000, 13.9)]
    changes = [measured(1000, 0.71, 0.0), measured(1000, 7.31, 100.0)]
    drawn = picture(Figures(measurements=(*sizes, *changes)))
    root = ET.fromstring(drawn)
    words = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"0.31", "1.52", "13.90", "0.71", "7.31", "0 %", "100 %", "one core"} <= set(words)
    assert len(list(root.iter("{http://www.w3.org/2000/svg}circle"))) == 3 + 3


def test_the_picture_in_the_documents_is_of_the_figures_that_were_kept():
    figures = load(FIGURES)
    assert len(by_size(figures)) >= 4
    assert len(by_change(figures)) >= 4
    assert PICTURE.read_text() == picture(figures), "draw it anew: python -m tests.bench.scaling"
