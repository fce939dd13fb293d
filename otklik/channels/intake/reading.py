"""From an envelope's bytes to a letter, in the child with limits. What can't be read becomes words that say so."""

import email.header
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from otklik.accounts import links
from otklik.channels.email.sandbox import Poisoned, Sandbox
from otklik.channels.intake import taking
from otklik.channels.intake.charsets import with_charset
from otklik.channels.models import Envelope
from otklik.mime import Attachment, Letter

RAW_NAME = "письмо.eml"
RAW_TYPE = "message/rfc822"


@dataclass(frozen=True, slots=True)
class Read:
    """fault: '' or a Russian sentence, what of this letter could not be shown and why."""

    envelope: Envelope
    letter: Letter
    fault: str = ""

    @property
    def raw(self) -> bytes:
        return bytes(self.envelope.raw or b"")


def read_many(envelopes: Sequence[Envelope], sandbox: Sandbox) -> list[Read]:
    """A letter for each envelope, in order; never raises for what they hold."""
    healthy = [envelope for envelope in envelopes if not taking.is_worn_out(envelope)]
    letters = sandbox.read_many([_bytes(envelope) for envelope in healthy])
    found = {envelope.pk: letter for envelope, letter in zip(healthy, letters, strict=True)}
    return [_read(envelope, found.get(envelope.pk)) for envelope in envelopes]


def _bytes(envelope: Envelope) -> bytes:
    raw = bytes(envelope.raw or b"")
    return with_charset(raw, envelope.charset) if envelope.charset else raw


def _read(envelope: Envelope, letter: Letter | Poisoned | None) -> Read:
    if isinstance(letter, Letter):
        letter = _keyless(letter)
        if envelope.size_bytes <= len(envelope.raw or b""):
            return Read(envelope, letter)
        return _cut(envelope, letter)
    words = _why(letter)
    sender = letter.from_email if letter else ""
    subject = _decoded(letter.subject) if letter else ""
    return Read(envelope, _told(envelope, words, sender, subject), words)


def _keyless(letter: Letter) -> Letter:
    """An answer quotes our letter with the client's own link: who reads the request must not get that key."""
    return replace(
        letter,
        text=links.without_tokens(letter.text),
        html=letter.html and links.without_tokens(letter.html),
        reply_text=links.without_tokens(letter.reply_text),
        quoted_text=links.without_tokens(letter.quoted_text),
    )


def _why(letter: Poisoned | None) -> str:
    reasons = {
        "time": _("письмо устроено так сложно, что чтение не уложилось в 2 секунды"),
        "memory": _("для чтения письму понадобилось больше 1 ГБ памяти"),
        "crash": _("программа чтения остановилась на этом письме"),
    }
    reason = reasons[letter.reason] if letter else _("шесть попыток прочитать письмо оборвались")
    return _("Мы не смогли показать это письмо: %(reason)s. Мы сохранили его целиком и приложили файлом.") % {
        "reason": reason
    }


def _cut(envelope: Envelope, letter: Letter) -> Read:
    words = _(
        "Письмо весит %(size)d МБ, а мы забираем письма до 50 МБ: показываем только его начало. "
        "Целиком оно лежит в почтовом ящике; попросите клиента прислать файлы ссылкой."
    ) % {"size": round(envelope.size_bytes / 2**20)}
    text = f"{words}\n\n{letter.text}".strip()
    return Read(
        envelope,
        Letter(
            from_email=letter.from_email, from_name=letter.from_name, to=letter.to, cc=letter.cc,
            subject=letter.subject, date=letter.date, message_id=letter.message_id,
            in_reply_to=letter.in_reply_to, references=letter.references, text=text, reply_text=text,
            warnings=(*letter.warnings, "too_big"), auto=letter.auto, envelope_to=letter.envelope_to,
            authentication_results=letter.authentication_results, return_path=letter.return_path,
            instance=letter.instance,
        ),
        words,
    )  # fmt: skip


def _told(envelope: Envelope, words: str, sender: str, subject: str) -> Letter:
    """A letter in place of the one that can't be read: what happened, and the raw bytes as a file."""
    raw = bytes(envelope.raw or b"")
    file = Attachment(name=RAW_NAME, size=len(raw), type=RAW_TYPE, content_id="", inline=False, content=raw)
    return Letter(
        from_email=sender or envelope.mail_from,
        subject=subject,
        text=words,
        reply_text=words,
        attachments=(file,),
        warnings=("unreadable",),
        auto=True,  # nobody knows what it is: no automatic answer
    )


def _decoded(subject: str) -> str:
    """Encoded words of a subject of at most 250 characters."""
    try:
        parts = email.header.decode_header(subject)
        decoded = "".join(
            part if isinstance(part, str) else part.decode(charset or "utf-8", "replace")
            for part, charset in parts
        )
    except (ValueError, LookupError):
        return subject
    return "".join(sign for sign in decoded if sign.isprintable())
