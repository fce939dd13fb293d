"""What a mail server's refusal means and what to do, in Russian. Pure: the server's words in, sentences out."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_PLAIN = re.compile(r"^\s*([245]\d\d)\b")


@dataclass(frozen=True, slots=True)
class Explanation:
    """why: what happened; todo: what the agent does now. Whole sentences."""

    why: str
    todo: str


@dataclass(frozen=True, slots=True)
class _Case:
    """One known refusal: enhanced codes («1.1» is x.1.1), pieces of the server's words, our two sentences."""

    codes: tuple[str, ...]
    words: tuple[str, ...]
    why: Promise
    todo: Promise


# In order: the first that fits tells. Words come before codes within a case, since servers use 5.7.1 for anything.
_CASES = (
    _Case(
        (), ("relay access denied", "relaying denied", "relay not permitted", "relaying not allowed",
             "not permitted to relay", "unable to relay", "we do not relay", "relay denied"),
        gettext_lazy("Наш почтовый сервер отказался передать письмо на этот адрес."),
        gettext_lazy("Попросите администратора проверить имя, пароль и сервер отправки: Настройки → Почта."),
    ),
    _Case(
        ("7.8", "7.9", "7.14"), ("authentication", "username and password", "auth required", "log in"),
        gettext_lazy("Почтовый сервер не принял имя или пароль нашего ящика."),
        gettext_lazy("Попросите администратора ввести пароль приложения заново: Настройки → Почта."),
    ),
    _Case(
        (), ("sender address rejected", "not owned by", "sender is not allowed", "not authorized to send as",
             "sendasdenied"),
        gettext_lazy("Почтовый сервер не разрешает писать от имени нашего ящика."),
        gettext_lazy("Попросите администратора сверить адрес ящика с учётной записью отправки: Настройки → Почта."),
    ),
    _Case(
        ("2.2",), ("quota", "mailbox full", "mailbox is full", "over quota", "not enough storage",
                   "insufficient storage"),
        gettext_lazy("Ящик получателя переполнен."),
        gettext_lazy("Позвоните клиенту или напишите на другой его адрес."),
    ),
    _Case(
        ("2.3", "3.4"), ("message size", "too large", "too big", "size limit", "exceeds size"),
        gettext_lazy("Письмо слишком большое для сервера получателя."),
        gettext_lazy("Уберите крупные файлы или дайте на них ссылку и отправьте письмо ещё раз."),
    ),
    _Case(
        ("4.14", "7.23", "7.24", "7.25", "7.26", "7.27", "7.28"),
        ("spam", "blacklist", "blocklist", "block list", "blocked", "reputation", "dmarc", "dkim", "spf", "rbl",
         "listed", "suspicious", "unsolicited"),
        gettext_lazy("Сервер получателя принял наше письмо за спам."),
        gettext_lazy("Попросите администратора проверить SPF, DKIM и DMARC нашего домена; клиенту пока позвоните."),
    ),
    _Case(
        ("1.2", "4.4"), ("domain not found", "host not found", "no such domain", "unrouteable", "unroutable",
                         "invalid domain", "no mx", "nxdomain", "host or domain name not found",
                         "domain does not exist"),
        gettext_lazy("Почтового сервера с таким именем нет."),
        gettext_lazy("Проверьте часть адреса после «@»: скорее всего, в ней опечатка."),
    ),
    _Case(
        ("2.1", "1.6"), ("disabled", "deactivated", "inactive", "suspended", "is closed", "no longer"),
        gettext_lazy("Ящик получателя отключён."),
        gettext_lazy("Спросите у клиента другой адрес, например по телефону."),
    ),
    _Case(
        ("1.1", "1.0", "1.10"),
        ("no such user", "user unknown", "unknown user", "no such mailbox", "does not exist", "doesn't exist",
         "not found", "no mailbox", "invalid mailbox", "invalid recipient", "mailbox unavailable", "no such recipient",
         "recipient rejected", "user doesn", "unknown recipient", "no such address", "recipient unknown"),
        gettext_lazy("Такого ящика у получателя нет."),
        gettext_lazy("Проверьте адрес: возможна опечатка. Верный спросите у клиента, например по телефону."),
    ),
    _Case(
        ("1.3", "6.7"), ("syntax", "malformed", "bad address", "smtputf8"),
        gettext_lazy("Сервер не принял адрес: в нём есть знаки, которых он не понимает."),
        gettext_lazy("Проверьте, нет ли в адресе опечатки."),
    ),
    _Case(
        ("7.1", "7.0"), ("policy", "rejected", "denied", "prohibited", "not accepted"),
        gettext_lazy("Сервер получателя не принимает наши письма по своим правилам."),
        gettext_lazy("Позвоните клиенту: пусть его администратор разрешит письма с нашего адреса."),
    ),
    _Case(
        ("4.1", "4.7", "4.5"), ("timed out", "timeout", "connection refused", "no route"),
        gettext_lazy("Сервер получателя не отвечает."),
        gettext_lazy("Позвоните клиенту: его почтовый сервер недоступен."),
    ),
)  # fmt: skip


def explain(said: str) -> Explanation:
    """said: a server's refusal as it stood («550 5.1.1 No such user») or the text of a bounce."""
    words = said.lower()
    code = _ENHANCED.search(said)
    tail = f"{code[2]}.{code[3]}" if code else ""
    for case in _CASES:
        if any(piece in words for piece in case.words):
            return Explanation(str(case.why), str(case.todo))
    for case in _CASES:
        if tail in case.codes:
            return Explanation(str(case.why), str(case.todo))
    return Explanation(
        _("Почтовый сервер не принял письмо."),
        _("Проверьте адрес. Если он верен, позвоните клиенту и покажите ответ сервера администратору."),
    )


def is_servers(said: str) -> bool:
    """Whether a stored reason is a server's answer, to be explained, and not a sentence of ours."""
    return bool(_PLAIN.match(said) or _ENHANCED.match(said.strip()))


def is_permanent(said: str) -> bool:
    """Whether a status or an answer says «for good» (5…), not «for now» (4…)."""
    found = _ENHANCED.search(said) or _PLAIN.match(said)
    return bool(found) and found[1].startswith("5") if found else False
