"""The agreement on paper."""

import pytest

from otklik.sla import agreements, printing
from tests.make import NOON
from tests.sla import tiers

pytestmark = pytest.mark.django_db
FULL = {
    "penalties": ((95.0, 5.0), (90.0, 10.0), (80.0, 25.0)), "cap": 50.0,
    "payment": {"fee": 45_000.0, "per": "month", "unit": 1200.0},
    "availability": {"percent": 99.9, "planned_min": 240, "notice_h": 24, "recovery_min": 60, "restore_point_min": 30},
}  # fmt: skip


def version(name: str = "Бизнес", **fields):
    made = tiers.tier(name, at=NOON, **fields)
    return agreements.current(made.pk, NOON)


def test_the_agreement_is_a_pdf_of_several_pages_with_a_name():
    made = printing.pdf(version(**FULL))

    assert made.startswith(b"%PDF-")
    assert made.rstrip().endswith(b"%%EOF")


def test_the_same_terms_make_the_same_bytes():
    one = version(**FULL)

    assert printing.pdf(one) == printing.pdf(one)


def test_its_pages_come_as_pictures():
    pages = printing.pages(version(**FULL), ppi=110)

    assert 2 <= len(pages) <= 5
    assert all(page.startswith(b"\x89PNG") for page in pages)
