"""Examples in words: what a reader of docs/checks.md sees of the small worlds."""

from agent.health.catalogue import catalogue
from agent.health.example import Example, Given
from agent.health.example_words import example_words
from agent.model.host import HostSystem, NumericSensor


def words(*others: object, given: Given | None = None, **shown: object) -> str:
    return example_words(Example(fields=shown, shown=shown, others=others, given=given or Given(), fires=True))


def test_records_are_shown_by_what_is_known_of_them() -> None:
    fan, more = NumericSensor(name="Fan4A", health="yellow"), NumericSensor(name="Fan5A")
    assert words(sensors=(fan,)) == "sensors = (name Fan4A, health yellow)"
    assert words(sensors=(fan, more, more, more)).endswith("(name Fan5A), (name Fan5A) and 1 more")


def test_what_stands_beside_the_object_and_what_is_counted_is_shown_too() -> None:
    host = HostSystem(moid="host-1", name="esx01", in_maintenance_mode=True)
    shown = words(host, given=Given(counters={"cpu.ready.summation": 480}), cpus=4)
    assert shown == ("cpus = 4; cpu.ready.summation = 480 on average; HostSystem esx01 with in_maintenance_mode true")


def test_a_long_text_is_cut_and_stays_on_its_line() -> None:
    assert words(certificate_pem="first line\n" * 20).count("\n") == 0
    assert len(words(certificate_pem="x" * 500)) < 100


def test_a_product_keeps_its_small_letter_where_a_title_begins_with_it() -> None:
    titles = {check.title.partition(" ")[0] for check in catalogue().values()}
    assert titles & {"VCenter", "VCenter's", "VSphere"} == set()
