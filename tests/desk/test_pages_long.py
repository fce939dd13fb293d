"""What helps in a long talk: days to jump to; who is called in a note stands in bold."""

from datetime import timedelta

import pytest

from otklik.desk import noting, words
from tests import make
from tests.make import DAY, NOON

pytestmark = pytest.mark.django_db


def talk(count, step=DAY):
    ticket = make.ticket()
    for number in range(1, count):
        make.received(f"Слово {number}", ticket=ticket, at=NOON + step * number)
    return ticket


def jumps(client, ticket):
    page = client.get(f"/desk/{ticket.number}/").text
    return page.split('id="contents"')[1].split("</nav>")[0].count('<a class="link" href="#message-')


def test_a_talk_of_more_than_twenty_messages_has_days_to_jump_to(client, anya):
    assert jumps(client, talk(20)) == 0
    assert jumps(client, talk(21)) == 8


def test_a_long_talk_of_one_day_is_divided_by_the_hour(client, anya):
    assert jumps(client, talk(30, timedelta(minutes=5))) == 8


def test_a_jump_leads_to_a_block_of_the_page(client, anya):
    page = client.get(f"/desk/{talk(25).number}/").text
    first = page.split('class="link" href="#message-')[1].split('"')[0]

    assert f'id="message-{first}"' in page


@pytest.mark.parametrize(
    ("text", "bold"),
    [
        ("@Борис Ким, банк принял платёж?", ["@Борис Ким"]),
        ("спросить @Борис Ким и @Аня Орлова", ["@Борис Ким", "@Аня Орлова"]),
        ("@Борис Кимов тут не работает", []),
        ("почта ivan@Борис Ким", []),
        ("https://primer.example/@Борис Ким", []),
    ],
)
def test_a_colleague_called_in_a_note_stands_in_bold(client, anya, text, bold):
    make.agent("Борис Ким")
    ticket = make.ticket()
    noting.write(ticket, text, by=anya, at=NOON)

    page = client.get(f"/desk/{ticket.number}/").text
    assert page.count('<b class="mention">') == len(bold)
    assert all(f'<b class="mention">{name}</b>' in page for name in bold)


def test_a_name_with_signs_of_html_stays_escaped():
    shown = words.mentions(words.html("@<b>Злой</b> тут"), ["<b>Злой</b>"])

    assert shown == '<p><b class="mention">@&lt;b&gt;Злой&lt;/b&gt;</b> тут</p>'
