"""The paid part of the terms: old versions read on, new keys are checked with words, numbers stay numbers."""

import json
from decimal import Decimal

import pytest

from otklik.sla import penalty
from otklik.sla.terms import BadTerms, Terms
from tests.sla.uptime.values import these

OLD = {
    "targets": {"response": {"normal": 1800}}, "availability": {"percent": 99.9, "planned_min": 240, "notice_h": 24},
    "penalties": [{"below": 95, "credit": 10}], "cap": 50, "payment": {"fee": 12_400, "per": "month"},
}  # fmt: skip
NEW = {
    **OLD,
    "uptime": {
        "window": "quarter", "planned": "up", "begins": "accepted", "workaround": False, "service": "hours",
        "except": ["force", "client"],
    },
    "credits": {
        "kind": "ladder", "steps": [{"below": 99, "credit": 30}, {"below": 99.9, "credit": 10}], "base": "part",
        "least": 100, "cap": 60, "claim_windows": 2, "claim_days": 10,
    },
    "payment": {"fee": 12_400, "per": "quarter", "unit": 99.99, "by": "hour", "included": 5},
}  # fmt: skip


def test_a_version_from_before_reads_as_it_was_without_credits():
    terms = Terms.from_dict(OLD)

    assert not terms.credits
    assert (terms.uptime.window, terms.uptime.planned, terms.uptime.service) == ("month", "out", "always")
    assert terms.payment == {"fee": 12_400.0, "per": "month"}
    assert Terms.from_dict(terms.to_dict()) == terms


def test_new_terms_are_written_back_equal_as_plain_numbers():
    terms = Terms.from_dict(NEW)
    written = json.loads(json.dumps(terms.to_dict()))

    assert Terms.from_dict(written) == terms
    assert terms.credits.steps == ((99.9, 10.0), (99.0, 30.0))
    assert written["credits"]["steps"][0] == {"below": 99.9, "credit": 10.0}
    assert (written["payment"]["unit"], written["uptime"]["except"]) == (99.99, ["client", "force"])


def test_the_terms_tell_how_to_count():
    rules = penalty.rules_of(Terms.from_dict(NEW), None)
    usual = penalty.rules_of(Terms.from_dict(OLD), None)

    assert (rules.planned, rules.begins, rules.workaround_ends) == ("up", "accepted", False)
    assert these(rules.notice_h, rules.planned_min, usual.planned_min) == (24, 3 * Decimal(240), 240)
    assert penalty.rules_of(Terms.from_dict({}), None).planned_min is None


BROKEN = [
    ({"uptime": {"window": "week"}}, "week"), ({"uptime": {"planned": ["up"]}}, "не бывает"),
    ({"uptime": {"workaround": 1}}, "true или false"), ({"uptime": {"except": ["ours"]}}, "ours"),
    ({"uptime": {"speed": 1}}, "uptime.speed"), ({"credits": []}, "credits: нужен объект"),
    ({"credits": {"steps": [{"below": 99.9}]}}, r"credits.steps\[0\].credit"),
    ({"credits": {"cap": 101}}, "от 0 до 100"),
    ({"credits": {"kind": "gift"}}, "gift"), ({"credits": {"claim_days": 1.5}}, "целое"),
    ({"credits": {"kind": "flat", "rate": 10, "base": "sum"}}, "впишите сумму"),
    ({"credits": {"kind": "days", "rate": 1, "base": "sum", "sum": 5}}, "у отдельной суммы дней нет"),
    ({"payment": {"by": "letter"}}, "letter"), ({"payment": {"unit": -1}}, "payment.unit"),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "said"), BROKEN)
def test_a_fault_of_the_paid_part_is_named_by_its_place(spec, said):
    with pytest.raises(BadTerms, match=said):
        Terms.from_dict(spec)
