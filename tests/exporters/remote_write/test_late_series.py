"""Late samples are the very series that the metrics page has."""

from prometheus_client.parser import text_string_to_metric_families

from agent.model.late_samples import LateSamples
from exporters.prometheus.page import Cache, render
from exporters.remote_write.late_series import LateSeries
from tests.worlds import NOW, TARGET, WORLD

ADDED = {"job": "checkmeter", "instance": "dc"}


def late(kind, entity, item, times=(100.0, 160.0)):
    return LateSamples(
        target=TARGET.name,
        inventory=TARGET.inventory,
        performance=TARGET.performance,
        kind=kind,
        entity=entity,
        moments=[(at_s, item) for at_s in times],
    )


def test_each_sample_has_the_name_labels_and_value_that_a_scrape_would_have_found():
    page = render(WORLD, NOW, Cache()).body("", "")[1].decode()
    scraped = {
        (sample.name, tuple(sorted((ADDED | {k: v for k, v in sample.labels.items() if v}).items()))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }
    series = LateSeries(ADDED)
    seen = set()
    for kind, entities in TARGET.performance.entities.items():
        for entity, item in entities.items():
            for one in series.of(late(kind, entity, item)):
                labels = {name: value for name, value in one.labels if value}
                key = (labels.pop("__name__"), tuple(sorted(labels.items())))
                assert [value for _, value in one.samples] == [scraped[key]] * 2
                assert [at for at, _ in one.samples] == [100_000, 160_000]
                seen.add(key)
    of_counters = {key for key in scraped if key[0] in {name for name, _ in seen} and dict(key[1])["vcenter"] == "vc1"}
    assert seen == of_counters
    assert len({name for name, _ in seen}) > 30


def test_an_object_that_has_gone_is_not_sent():
    item = next(iter(TARGET.performance.entities["vm"].values()))
    assert list(LateSeries({}).of(late("vm", "no such machine", item))) == []
