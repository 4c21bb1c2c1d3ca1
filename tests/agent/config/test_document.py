import pytest

from agent.config.document import read


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1, 2", "f:1:9: not valid YAML: while parsing a flow sequence expected ',' or ']', but got '<stream end>'"),
        ("a: b: c", "f:1:5: not valid YAML: mapping values are not allowed here"),
        ("a: 1\n\tb: 2", "f:2:1: not valid YAML: while scanning for the next token found character '\\t' that cannot start any token"),
        ("a: 1\nb: \x07", "f:2:4: not valid YAML: a control character stands here"),
        ("a: 1\n---\nb: 2", "f:2:1: not valid YAML: expected a single document in the stream but found another document"),
        ("a: 1\na: 2\n", "f:2:1: a: the key is given twice, first on line 1"),
        ("a: !!int x", "f:1:4: a: not a value of the type that its tag (!!) names"),
        ("a: !python x", "f:1:4: a: a tag (!) that has no meaning here"),
        ("a: &a [*a]", "f:1:4: a[0]: an alias that contains itself"),
    ],
)  # fmt: skip
def test_text_that_is_not_plain_yaml_gives_one_line_with_its_place(text: str, line: str) -> None:
    assert [problem.line("f") for problem in read(text).problems] == [line]


def test_the_values_are_those_of_yaml_1_2() -> None:
    values = read("{a: yes, b: 18:00, c: 010, d: true, e: null, f: 2026-01-01, g: 1.5, 5: x}").values
    assert values == {"a": "yes", "b": "18:00", "c": 10, "d": True, "e": None, "f": "2026-01-01", "g": 1.5, "5": "x"}


def test_an_anchor_can_be_used_twice() -> None:
    assert read("a: &x {b: 1}\nc: *x\n").values == {"a": {"b": 1}, "c": {"b": 1}}


def test_a_mistaken_alias_does_not_show_what_may_be_a_password() -> None:
    (problem,) = read("password: *hunter2").problems
    assert "hunter2" not in problem.text
    assert problem.text.endswith("text that begins with * or & stands in quotes")


def test_a_place_that_is_not_in_the_text_is_that_of_what_should_hold_it() -> None:
    assert read("a:\n  - b: 1\n").position(("a", 0, "c", "d")) == (2, 5)
