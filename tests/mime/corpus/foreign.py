"""Replies and forwards of programs abroad, in the languages that clients of a Russian desk still write in."""

from collections.abc import Iterator
from typing import Any

from tests.mime.corpus import build
from tests.mime.corpus.build import quoted
from tests.mime.corpus.words import Person

_ASKED = "Hello,\n\nplease send us the version of the platform.\n\nAnna"
_WHO = Person("Jane Roe", "jane.roe@client.example")
_REPLIES = (
    # (name, body with {q} for our quoted letter and {a} for it unquoted, reply)
    ("gmail", "It is 8.3.24.\n\nThanks!\n\nOn Fri, Jan 3, 2025 at 10:07 AM Anna <support@firma-demo.example> wrote:\n\n{q}", "It is 8.3.24.\n\nThanks!"),
    ("gmail-wrapped", "It is 8.3.24.\n\nOn Fri, Jan 3, 2025 at 10:07 AM Anna Sokolova of the long name <\nsupport@firma-demo.example> wrote:\n\n{q}", "It is 8.3.24."),
    ("outlook", "It is 8.3.24.\n\nFrom: Anna <support@firma-demo.example>\nSent: Friday, January 3, 2025 10:07 AM\nTo: Jane Roe <jane.roe@client.example>\nSubject: RE: Order\n\n{a}", "It is 8.3.24."),
    ("outlook-rule", "It is 8.3.24.\n\n________________________________\nFrom: Anna <support@firma-demo.example>\nSent: Friday, January 3, 2025 10:07:12 AM\nTo: Jane Roe\nSubject: Order\n\n{a}", "It is 8.3.24."),
    ("original", "It is 8.3.24.\n\n-----Original Message-----\nFrom: Anna [mailto:support@firma-demo.example]\nSent: Friday, January 03, 2025 10:07 AM\nTo: Jane\nSubject: Order\n\n{a}", "It is 8.3.24."),
    ("apple", "It is 8.3.24.\n\n> On Jan 3, 2025, at 10:07, Anna <support@firma-demo.example> wrote:\n> \n{q}", "It is 8.3.24."),
    ("iphone", "It is 8.3.24.\n\nSent from my iPhone\n\n> On Jan 3, 2025, at 10:07 AM, Anna <support@firma-demo.example> wrote:\n> \n{q}", "It is 8.3.24."),
    ("thunderbird", "It is 8.3.24.\n\nOn 1/3/2025 10:07 AM, Anna wrote:\n{q}\n\n-- \nJane Roe\nACME", "It is 8.3.24."),
    ("yahoo", "It is 8.3.24.\n\n    On Friday, January 3, 2025 at 10:07:12 AM GMT+3, Anna <support@firma-demo.example> wrote:  \n \n {a}", "It is 8.3.24."),
    ("german", "Es ist 8.3.24.\n\nMit freundlichen Grüßen\nJürgen Groß\n\nAm 03.01.2025 um 10:07 schrieb Anna:\n{q}", "Es ist 8.3.24."),
    ("german-outlook", "Es ist 8.3.24.\n\nVon: Anna <support@firma-demo.example>\nGesendet: Freitag, 3. Januar 2025 10:07\nAn: Jürgen Groß\nBetreff: AW: Order\n\n{a}", "Es ist 8.3.24."),
    ("german-gmail", "Es ist 8.3.24.\n\nAm Fr., 3. Jan. 2025 um 10:07 Uhr schrieb Anna <support@firma-demo.example>:\n\n{q}", "Es ist 8.3.24."),
    ("french", "C'est 8.3.24.\n\nLe ven. 3 janv. 2025 à 10:07, Anna <support@firma-demo.example> a écrit :\n\n{q}", "C'est 8.3.24."),
    ("french-outlook", "C'est 8.3.24.\n\nDe : Anna <support@firma-demo.example>\nEnvoyé : vendredi 3 janvier 2025 10:07\nÀ : Jean\nObjet : Order\n\n{a}", "C'est 8.3.24."),
    ("spanish", "Es 8.3.24.\n\nEl vie, 3 ene 2025 a las 10:07, Anna (<support@firma-demo.example>) escribió:\n\n{q}", "Es 8.3.24."),
    ("italian", "È 8.3.24.\n\nIl giorno ven 3 gen 2025 alle ore 10:07 Anna <support@firma-demo.example> ha scritto:\n\n{q}", "È 8.3.24."),
    ("polish", "To jest 8.3.24.\n\npt., 3 sty 2025 o 10:07 Anna <support@firma-demo.example> napisał(a):\n\n{q}", "To jest 8.3.24."),
    ("dutch", "Het is 8.3.24.\n\nOp vr 3 jan 2025 om 10:07 schreef Anna <support@firma-demo.example>:\n\n{q}", "Het is 8.3.24."),
    ("ukrainian", "Це 8.3.24.\n\nпт, 3 січ. 2025 р. о 10:07 Anna <support@firma-demo.example> пише:\n\n{q}", "Це 8.3.24."),
    ("bottom", "On Fri, Jan 3, 2025 at 10:07 AM Anna <support@firma-demo.example> wrote:\n{q}\n\nIt is 8.3.24.\n\nJane", "It is 8.3.24.\n\nJane"),
    ("inline", "On Fri, Jan 3, 2025 at 10:07 AM Anna <support@firma-demo.example> wrote:\n> please send us the version\n8.3.24\n> and the log\nattached", ""),
    ("mailing-list", "It is 8.3.24.\n\nOn Fri, 2025-01-03 at 10:07 +0300, Anna wrote:\n{q}\n_______________________________________________\nUsers mailing list\nUsers@lists.client.example", None),
    ("prose", "Your manager wrote on Friday:\nwe will call you tomorrow.\n\nNobody called.", ""),
)  # fmt: skip


def letters() -> Iterator[tuple[str, bytes, dict[str, Any]]]:  # Any: values of JSON
    """An empty expected reply is the whole body, None is not compared."""
    for number, (name, body, reply) in enumerate(_REPLIES):
        whole = body.format(q=quoted(_ASKED), a=_ASKED)
        how = ("quoted-printable", "8bit", "base64")[number % 3]
        raw = build.head(_WHO, "Re: Order", number).encode() + build.text_part(whole, how=how)
        reading = build.fields_of(_WHO, "Re: Order", forwarded=None)
        yield name, raw, reading if reply is None else {**reading, "reply_text": reply or whole}
    yield from _flowed()
    forward = "FYI\n\n---------- Forwarded message ---------\nFrom: Anna <anna@client.example>\nDate: Fri, Jan 3, 2025 at 10:07 AM\nSubject: Order\nTo: <x@client.example>\n\n\nWhere is it?\n"
    raw = build.head(_WHO, "Fwd: Order", 60).encode() + build.text_part(forward)
    passed = {
        "from_email": "anna@client.example",
        "from_name": "Anna",
        "subject": "Order",
        "text": "Where is it?",
    }
    yield "forward", raw, build.fields_of(_WHO, "Fwd: Order", reply_text="FYI", forwarded=passed)


def _flowed() -> Iterator[tuple[str, bytes, dict[str, Any]]]:  # Any: values of JSON
    text = "This long line was wrapped \nby the program, not by me.\n\nOn 1/3/2025 10:07 AM, Anna wrote:\n> please send us \n> the version\n\n-- \nJane"
    raw = build.head(_WHO, "Re: Order", 61).encode() + build.text_part(
        text, how="8bit", more="; format=flowed"
    )
    reply = "This long line was wrapped by the program, not by me."
    yield "flowed", raw, build.fields_of(_WHO, "Re: Order", reply_text=reply)
