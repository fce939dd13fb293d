"""What a client finds in their mail program."""

import re

import pytest

from otklik import mime
from otklik.accounts import links
from otklik.channels.models import Box
from otklik.channels.outbox import addresses
from otklik.desk import files
from otklik.desk.files import File
from otklik.desk.receiving import Address
from otklik.staff.models import Profile
from tests import make
from tests.channels.outbox.conftest import LATER, Sweep
from tests.channels.outbox.sinks import Sink, Taken

VERA, GLEB = Address("to", "vera@kvarts.example", "Вера Соколова"), Address("cc", "gleb@kvarts.example")


def only(server: Sink) -> Taken:
    assert len(server.world.letters) == 1
    return server.world.letters[0]


def test_answer_is_threaded_under_the_clients_letter(box: Box, server: Sink, sweep: Sweep):
    heard = make.received(references="first@kvarts.example", message_id="second@kvarts.example")
    make.reply(heard.ticket, box_id=box.pk)

    sweep()

    letter = mime.read(only(server).raw)
    assert letter.subject == "Re: Не открывается база"
    assert letter.in_reply_to == "<second@kvarts.example>"
    assert letter.references == ("<first@kvarts.example>", "<second@kvarts.example>")


def test_clients_program_finds_words_signature_link_and_the_quote_below_the_line(
    box: Box, server: Sink, sweep: Sweep
):
    ann = make.agent("Аня Орлова")
    Profile.objects.filter(user=ann).update(signature="Аня Орлова\nпервая линия")
    heard = make.received("Не открывается база 1С.")
    make.reply(heard.ticket, "Вера, добрый день!\n\nБазу открыли.", by=ann, box_id=box.pk)

    sweep()

    plain = only(server).plain.replace("\xa0", " ")
    words = plain.index("Базу открыли.")
    signature = plain.index("\n\nАня Орлова\nпервая линия\n\n")
    link = plain.index("http://localhost:8000/r/")
    line = plain.index(mime.REPLY_LINE)
    assert words < signature < link < line < plain.index("> Не открывается база 1С.")


def test_signature_that_the_agent_typed_does_not_stand_twice(box: Box, server: Sink, sweep: Sweep):
    ann = make.agent("Аня Орлова")
    Profile.objects.filter(user=ann).update(signature="Аня Орлова")
    make.reply(make.ticket(), "Готово.\n\nАня Орлова", by=ann, box_id=box.pk)

    sweep()

    assert only(server).plain.count("Аня Орлова") == 1


def test_answer_to_our_letter_is_cut_to_what_the_client_wrote(box: Box, server: Sink, sweep: Sweep):
    make.reply(make.ticket(), "Базу открыли.", box_id=box.pk)
    sweep()
    quoted = only(server).plain.replace("\n", "\n> ")

    back = mime.read(
        f"From: vera@kvarts.example\r\nSubject: Re: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        f'Спасибо, работает!\n\n20.11.2026, 15:02, "Аня" <help@primer.example>:\n> {quoted}'.encode()
    )

    assert back.reply_text.strip() == "Спасибо, работает!"


def test_each_client_of_a_message_gets_a_link_of_their_own(box: Box, server: Sink, sweep: Sweep):
    ticket = make.ticket(copies=(make.identity("gleb@kvarts.example", "Глеб"),))
    message = make.reply(ticket, box_id=box.pk, to=(VERA,), cc=(GLEB,))

    sweep()

    letters = {one.recipients: one for one in server.world.letters}
    tokens = {who: re.findall(r"/r/(\S+?)/", one.plain) for who, one in letters.items()}
    assert set(letters) == {("vera@kvarts.example",), ("gleb@kvarts.example",)}
    assert {one.parsed["Message-ID"] for one in letters.values()} == {f"<{message.message_id}>"}
    assert {one.parsed["Cc"] for one in letters.values()} == {"gleb@kvarts.example"}
    owners = [links.read(token, at=LATER).identity.value for (token,) in tokens.values()]
    assert sorted(owners) == ["gleb@kvarts.example", "vera@kvarts.example"]


def test_participant_who_is_not_written_to_gets_no_new_link(box: Box, server: Sink, sweep: Sweep):
    ticket = make.ticket(copies=(make.identity("gleb@kvarts.example", "Глеб"),))
    make.reply(ticket, box_id=box.pk, to=(VERA,))

    sweep()

    assert [one.identity.value for one in ticket.links.select_related("identity")] == ["vera@kvarts.example"]


def test_vendor_and_a_stranger_in_copy_get_no_link(box: Box, server: Sink, sweep: Sweep):
    from otklik.desk import replying

    words = make.words("Посмотрите, пожалуйста.", to=(Address("to", "help@vendor.example"),), box_id=box.pk)
    replying.forward(make.ticket(), words, by=make.agent(), at=make.NOON + make.HOUR)

    sweep()

    assert only(server).recipients == ("help@vendor.example",)
    assert "/r/" not in only(server).plain


def test_persons_answer_is_not_marked_automatic(box: Box, server: Sink, sweep: Sweep):
    make.reply(make.ticket(), box_id=box.pk)

    sweep()

    parsed = only(server).parsed
    assert parsed["Auto-Submitted"] is None
    assert parsed["X-Otklik-Instance"] == addresses.instance()


def test_door_box_asks_for_answers_at_a_signed_address(box: Box, server: Sink, sweep: Sweep):
    ticket = make.ticket()
    make.reply(ticket, box_id=box.pk)

    sweep()

    reply_to = mime.read(only(server).raw).reply_to[0]
    assert addresses.ticket_number_of(reply_to) == ticket.number
    assert addresses.delivery_of(only(server).sender) is not None


@pytest.mark.parametrize(
    "forged", ["help+t1001.aaaaaaaaaa@primer.example", "help+t1001@primer.example", "help@x.example"]
)
def test_guessed_plus_address_names_no_request(forged: str):
    assert addresses.ticket_number_of(forged) is None


def test_signed_address_survives_a_change_of_case():
    signed = addresses.reply_address("help@primer.example", 1001)

    assert addresses.ticket_number_of(signed.upper()) == 1001
    assert addresses.plain(signed) == "help@primer.example"


def test_file_goes_along_and_a_pasted_picture_stands_in_the_text(box: Box, server: Sink, sweep: Sweep):
    sha, logo = files.store(b"%PDF-1.4"), files.store(b"\x89PNG")
    attached = (
        File(sha, 8, "счёт.pdf", "application/pdf"),
        File(logo, 4, "экран.png", "image/png", "pic1@otklik", inline=True),
    )
    make.reply(make.ticket(), "Смотрите: [cid:pic1@otklik]", box_id=box.pk, files=attached)

    sweep()

    letter = mime.read(only(server).raw)
    assert {(one.name, one.inline) for one in letter.attachments} == {
        ("счёт.pdf", False),
        ("экран.png", True),
    }
    assert 'src="cid:pic1@otklik"' in (letter.html or "")
    assert "[картинка]" in letter.text


def test_words_of_a_client_cannot_add_markup_or_headers(box: Box, server: Sink, sweep: Sweep):
    heard = make.received(
        "<script>alert(1)</script>", subject="Тема\r\nBcc: all@x.example", author_name="В\r\nX: 1"
    )
    make.reply(heard.ticket, "Ответ <b>смотрите</b> https://primer.example/?a=1&b=2.", box_id=box.pk)

    sweep()

    letter = only(server)
    html = mime.read(letter.raw).html or ""
    assert letter.parsed["Bcc"] is None
    assert "<script" not in html
    assert '<a href="https://primer.example/?a=1&amp;b=2">' in html


def test_letter_of_a_box_with_a_russian_domain_leaves(box: Box, server: Sink, sweep: Sweep):
    Box.objects.filter(pk=box.pk).update(address="help@пример.example")
    make.reply(make.ticket(), box_id=box.pk)

    sweep()

    assert only(server).parsed["Message-ID"].endswith("@xn--e1afmkfd.example>")
