"""A letter by SMTP into the real processes becomes a request."""

import smtplib
from email.message import EmailMessage

from otklik.desk.models import Ticket
from tests import make


def test_a_letter_to_the_door_becomes_a_request(running, wait_until):
    make.box()
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = (
        "vera@kvarts.example",
        "help@primer.example",
        "Не открывается",
    )
    letter.set_content("Здравствуйте! Не открывается база.")

    with smtplib.SMTP("127.0.0.1", running.door_port) as door:
        door.send_message(letter)

    assert wait_until(lambda: Ticket.objects.filter(subject="Не открывается").count() == 1)
