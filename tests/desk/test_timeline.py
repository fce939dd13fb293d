"""A thread as it is read: people's words are escaped, older messages fold, deeds stand in one line between."""

import pytest

from otklik.desk import (
    blocks,
    lists,
    noting,
    routing,
    rows,
    solving,
    tagging,
    threads,
    timeline,
    words,
)
from otklik.desk.models import Delivery, Message
from otklik.desk.timeline import Block, Happenings
from tests import make
from tests.make import HOUR, MINUTE, NOON

EVIL = '<script>alert("x")</script>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("раз\nдва", "<p>раз<br>два</p>"),
        ("раз\n\n\n\nдва", "<p>раз</p><p>два</p>"),
        ("<b>&", "<p>&lt;b&gt;&amp;</p>"),
        ("", ""),
        (
            "см. https://kvarts.example/a?b=1&c=2.",
            (
                '<p>см. <a href="https://kvarts.example/a?b=1&amp;c=2" target="_blank" '
                'rel="noopener noreferrer nofollow">https://kvarts.example/a?b=1&amp;c=2</a>.</p>'
            ),
        ),
        ('https://x.example/"onmouseover=alert(1)', None),
    ],
)
def test_plain_words_become_paragraphs_and_links_and_nothing_else(text, html):
    shown = words.html(text)

    assert "onmouseover=alert" not in shown.split("<a ")[-1].split(">")[0]
    assert html is None or shown == html


def test_a_huge_letter_is_shown_by_its_beginning():
    assert len(words.html("слово " * 100_000)) < words.LONGEST * 2


def drawn(ticket):
    return blocks.render(timeline.build(threads.read(ticket)))


@pytest.mark.django_db
def test_nothing_that_people_write_gets_into_the_page_as_markup():
    anya = make.agent(f"Аня {EVIL}")
    sender = make.identity("evil@kvarts.example", EVIL)
    ticket = make.ticket(EVIL, sender=sender, subject=EVIL, author_name=EVIL, quoted_text=EVIL, odd=(EVIL,))
    noting.write(ticket, EVIL, by=anya, at=NOON + MINUTE)
    tagging.tag(ticket, EVIL, by=anya, at=NOON + MINUTE)
    make.reply(ticket, EVIL, by=anya)
    listed = rows.render(
        lists.queue(anya, "all", "last").rows, user=anya, current=None, query='"><script>', at=NOON
    )

    assert "<script" not in drawn(ticket).lower()
    assert "<script" not in listed.lower()
    assert "&lt;script&gt;" in drawn(ticket)


@pytest.mark.django_db
def test_older_messages_fold_and_the_last_ones_stay_open():
    ticket = make.ticket()
    for n in range(9):
        make.received(f"слово {n}", ticket=ticket, at=NOON + (n + 1) * MINUTE)

    built = [one for one in timeline.build(threads.read(ticket)) if isinstance(one, Block)]

    assert [one.folded for one in built] == [True] * 6 + [False] * 4


@pytest.mark.django_db
def test_an_answer_in_trouble_stays_open_however_old():
    ticket = make.ticket()
    failed = make.reply(ticket)
    for state in ["sending", "failed"]:
        Delivery.objects.filter(message=failed).update(
            state=state, reason="550 нет такого ящика", ended_at=NOON
        )
    for n in range(9):
        make.received(f"слово {n}", ticket=ticket, at=NOON + HOUR * 2 + n * MINUTE)

    block = next(one for one in timeline.build(threads.read(ticket)) if getattr(one, "pk", 0) == failed.pk)

    assert isinstance(block, Block)
    assert not block.folded
    assert block.sending is not None
    assert "550 нет такого ящика" in block.sending.lines[0]


@pytest.mark.django_db
def test_deeds_between_messages_are_one_line_that_opens():
    anya = make.agent()
    ticket = make.ticket()
    routing.take(ticket, by=anya, at=NOON + MINUTE)
    tagging.tag(ticket, "возврат", by=anya, at=NOON + 2 * MINUTE)
    tagging.set_priority(ticket, 2, by=anya, at=NOON + 3 * MINUTE)
    solving.set_state(ticket, "waiting_other", by=anya, at=NOON + 4 * MINUTE)
    make.received("Ещё слово", ticket=ticket, at=NOON + HOUR)

    built = timeline.build(threads.read(ticket))

    lines = [one for one in built if isinstance(one, Happenings)]
    assert [one.short for one in lines] == ["ведёт Аня Орлова · метка «возврат» · ещё 2"]
    assert [text for text, _at in lines[0].lines][-1] == "статус «Ждём других»"
    assert built.index(lines[0]) == 1


@pytest.mark.django_db
def test_a_letter_to_a_vendor_says_that_the_client_does_not_see_it():
    ticket = make.ticket()
    make.received("Деталь будет в среду", ticket=ticket, circle=Message.Circle.VENDOR, at=NOON + HOUR)

    block = timeline.build(threads.read(ticket))[-1]

    assert isinstance(block, Block)
    assert (block.look, block.mark) == ("vendor", "Клиент не видит")


@pytest.mark.django_db
def test_an_unconfirmed_author_is_told():
    ticket = make.ticket()
    make.received("Это тоже я", ticket=ticket, channel="page", confirmed=False, at=NOON + HOUR)

    assert "автора мы не проверяли" in drawn(ticket)
