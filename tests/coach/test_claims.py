"""«Мы» is offered where our people plainly did it, and nothing where another may have done it.

`claims.txt`: 200 sentences of 20 trades, «мы» or «-» before each: post office, court, tax office, couriers, machines,
clients and laws among the doers. What is offered stands word for word in `suggestions.tsv`.
"""

from pathlib import Path

import pytest

from otklik import coach

LISTED = [
    line.split("\t")
    for line in (Path(__file__).parent / "claims.txt").read_text(encoding="utf-8").splitlines()
]


def _offered(text: str) -> list[str]:
    found = coach.check(coach.Reply(text, first=False))
    return [said for one in found if one.rule in {"passive", "nominal"} for said in one.suggestions]


@pytest.mark.parametrize("text", [text for who, text in LISTED if who == "мы"])
def test_our_people_are_named_where_they_plainly_did_it(text):
    assert any(said.lower().startswith("мы ") for said in _offered(text))


@pytest.mark.parametrize("text", [text for who, text in LISTED if who == "-"])
def test_nobody_is_named_where_another_may_have_done_it(text):
    assert _offered(text) == []
