"""The agreement on paper."""

import re
from pathlib import Path
from typing import Any

import pytest

from otklik import coach
from otklik.sla import agreements, printing, wording
from otklik.sla.models import AgreementVersion
from tests.coach.test_own_texts import FOR_REPLIES
from tests.make import NOON
from tests.sla import tiers

pytestmark = pytest.mark.django_db
FULL: dict[str, Any] = {
    "penalties": ((95.0, 5.0), (90.0, 10.0), (80.0, 25.0)), "cap": 50.0,
    "payment": {"fee": 45_000.0, "per": "month", "unit": 1200.0},
    "availability": {"percent": 99.9, "planned_min": 240, "notice_h": 24, "recovery_min": 60, "restore_point_min": 30},
}  # fmt: skip


def version(name: str = "Бизнес", **fields: Any) -> AgreementVersion:
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


HOSTILE = [
    "#panic(\"x\") *[_$ `raw` <label> @ref // /* \\ #import \"/etc/passwd\": x", "\u202eевил ﷽ 🎉 漢字 \u0301\u200b",
    "a" * 110, "{{ 7*7 }}<script>alert(1)</script>", "\"}]; DROP TABLE sla_agreement; --",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_text_on_paper(name):
    words = dict.fromkeys(
        ["use", "ours", "theirs", "control", "report", "recovery", "demands"], (name + "\n\r\x0b ") * 40
    )

    made = printing.pages(version(name, words=words, **FULL), ppi=20)

    assert 3 <= len(made) <= 30


def test_a_round_the_clock_agreement_without_promises_beyond_the_first_answer_is_printed():
    everybody = agreements.default()
    everybody.calendar.spec = {"tz": "Mars/Olympus", "always": True}

    one = agreements.current(everybody.pk, NOON)
    one.agreement = everybody

    assert printing.pdf(one).startswith(b"%PDF-")


def test_what_is_printed_is_said_by_people():
    folder = Path(printing.__file__).parent
    template = (folder / "print" / "agreement.typ").read_text(encoding="utf-8").split("// ---- title")[1]
    plain = re.sub(r"#data\.[a-z.()]+", "5", template)
    texts = [one.strip() for one in re.findall(r"[А-ЯЁ][^\n\[\]#\"]{15,}", plain)]
    house = coach.House(off=FOR_REPLIES)

    found = [
        f"{one.rule}: {text}"
        for text in [*texts, *wording.usual_words().values()]
        for one in coach.check(coach.Reply(text, first=False), house)
        if one.severity != "hint"
    ]

    assert len(texts) > 20
    assert found == []
