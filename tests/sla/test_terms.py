"""The terms of an agreement: read whole, written back equal, every fault told at once (R-E1, R-E2)."""

import pytest

from otklik.sla.terms import BadTerms, Terms

WHOLE = {
    "targets": {
        "response": {"urgent": 900, "normal": 1800}, "next_reply": {"normal": 3600}, "news": {"normal": 7200},
        "resolution": {"urgent": 14_400, "normal": 86_400}, "vendor": {"normal": 28_800},
    },
    "levels": {"1": {"normal": 3600}, "2": {"normal": 14_400}},
    "pauses": {"resolution": ["client", "vendor"]},
    "warn_at": [90, 50], "urgent": ["urgent", "high"], "grace_s": 900, "reopen_days": 14, "margin": 10,
    "share": 95, "sample": 30,
    "availability": {"percent": 99.9, "planned_min": 240, "notice_h": 24},
    "penalties": [{"below": 95, "credit": 30}, {"below": 99.9, "credit": 10}], "cap": 50,
    "payment": {"fee": 12_400, "per": "month"}, "words": {"use": " По почте и телефону. "}, "until": "2027-12-31",
}  # fmt: skip


def test_terms_are_read_and_written_back_equal():
    terms = Terms.from_dict(WHOLE)
    assert Terms.from_dict(terms.to_dict()) == terms
    assert terms.target("response", 3) == 900
    assert terms.target("level", 1, level=2) == 14_400
    assert terms.warn_at == (50, 90)
    assert terms.penalties == ((99.9, 10.0), (95.0, 30.0))
    assert terms.words["use"] == "По почте и телефону."


def test_what_is_not_promised_has_no_target():
    terms = Terms.from_dict(WHOLE)
    assert terms.target("next_reply", 3) is None
    assert terms.target("level", 1, level=3) is None
    assert Terms.from_dict({}).target("response", 1) is None


def test_pauses_are_the_usual_ones_where_none_are_named():
    terms = Terms.from_dict(WHOLE)
    assert terms.is_paused("resolution", "vendor")
    assert terms.is_paused("level", "client")
    assert not terms.is_paused("response", "client")


BROKEN: list[tuple[object, str]] = [
    (None, "объект"), ({"speed": 1}, "speed"), ({"targets": {"answer": {}}}, "targets.answer"),
    ({"targets": {"response": {"normal": 59}}}, "targets.response.normal"),
    ({"targets": {"response": {"normal": True}}}, "целое"), ({"targets": {"response": {"soon": 600}}}, "soon"),
    ({"targets": {"response": {"normal": 7200}, "resolution": {"normal": 3600}}}, "раньше первого ответа"),
    ({"warn_at": [0]}, "warn_at"), ({"warn_at": "50"}, "список"), ({"pauses": {"news": ["night"]}}, "night"),
    ({"availability": {"percent": 101}}, "percent"), ({"penalties": [{"below": 99}]}, r"penalties\[0\].credit"),
    ({"share": float("nan")}, "share"), ({"until": "31.12.2027"}, "until"), ({"words": {"use": 5}}, "words.use"),
    ({"payment": {"per": "day"}}, "day"), ({"levels": {"5": {}}}, "levels.5"), ({"margin": 91}, "margin"),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "said"), BROKEN)
def test_a_fault_is_named_by_its_place(spec, said):
    with pytest.raises(BadTerms, match=said):
        Terms.from_dict(spec)


def test_all_faults_are_told_at_once():
    with pytest.raises(BadTerms) as caught:
        Terms.from_dict({"share": 200, "cap": -1, "grace_s": 1.5, "until": "never"})
    assert [fault.path for fault in caught.value.faults] == ["grace_s", "share", "cap", "until"]
