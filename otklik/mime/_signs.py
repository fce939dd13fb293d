"""What single lines of a body say about quotes: header fields, separators, attributions, signatures.

Every test looks at a bounded piece of a line, so a body is read in linear time whatever stands in it.
"""

import re

REPLY_LINE = "Пишите ответ выше этой линии"

_FROM = ("от", "от кого", "from", "von", "de", "da", "van", "od", "від", "від кого", "fra", "från", "发件人", "差出人",
         "expéditeur", "отправитель", "寄件者")  # fmt: skip
_DATE = ("отправлено", "отправленные", "отправлен",
         "дата", "date", "sent", "gesendet", "datum", "envoyé", "enviado", "fecha", "inviato", "data",
         "verzonden", "wysłano", "надіслано", "дата отправки", "发送时间", "送信日時", "enviada em",
         "skickat")  # fmt: skip
_TO = (
    "кому",
    "to",
    "an",
    "à",
    "para",
    "a",
    "aan",
    "do",
    "til",
    "till",
    "收件人",
    "宛先",
    "получатель",
    "pour",
)
_SUBJECT = ("тема", "subject", "betreff", "objet", "asunto", "oggetto", "assunto", "onderwerp", "temat", "主题",
            "件名", "emne", "ämne", "sujet")  # fmt: skip
_OTHER = ("копия", "cc", "копія", "важность", "importance", "вложения", "attachments", "reply-to", "ответить",
          "kopie", "файлы", "приоритет", "bcc", "скрытая копия", "抄送", "organization", "организация", "wichtigkeit",
          "конфиденциальность", "sensitivity")  # fmt: skip
_FIELDS = {
    name: kind
    for kind, names in (
        ("from", _FROM),
        ("date", _DATE),
        ("to", _TO),
        ("subject", _SUBJECT),
        ("other", _OTHER),
    )
    for name in names
}
_FORWARD = {
    "пересылаемое сообщение", "пересылаемое письмо", "перенаправленное сообщение", "пересланное сообщение",
    "переадресованное сообщение", "переадресованное письмо", "forwarded message", "forwarded by", "forward",
    "début du message réexpédié", "message réexpédié", "vidarebefordrat meddelande",
    "начало переадресованного сообщения",
    "начало пересланного сообщения", "начало пересылаемого сообщения",
    "begin forwarded message", "это пересылаемое сообщение", "this is a forwarded message", "пересланное письмо",
    "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht", "message transféré",
    "début du message transféré", "mensaje reenviado", "messaggio inoltrato", "mensagem encaminhada",
    "doorgestuurd bericht", "пересилане повідомлення", "переслане повідомлення", "переадресация",
    "start of forwarded message", "inizio messaggio inoltrato", "пересылаемое сообщение от", "forwarded mail",
}  # fmt: skip
_ORIGINAL = {
    "исходное сообщение", "original message", "исходное письмо", "оригинальное сообщение", "первоначальное сообщение",
    "ursprüngliche nachricht", "original-nachricht", "message d'origine", "mensaje original",
    "origineel bericht", "messaggio originale",
    "mensagem original", "oorspronkelijk bericht", "original appointment", "исходная встреча", "вихідне повідомлення",
    "reply message", "original message text", "исходный текст", "текст исходного сообщения", "цитата",
    "wiadomość oryginalna", "oprindelig meddelelse", "reply above this line", "original email", "원본 메시지",
}  # fmt: skip
_END = {
    "завершение пересылаемого сообщения", "конец пересылаемого сообщения", "end of forwarded message",
    "end forwarded message", "конец переадресованного сообщения", "end of original message text",
    "конец исходного сообщения", "завершение исходного сообщения",
}  # fmt: skip
_DASHES = "-—–_=*<>8~ \t.:|#"

_MONTH = (
    r"(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|"
    r"nov|dec|dez|déc|févr|avr|juin|juil|août|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|січ|лют|бер|кві|тра|чер|лип|"
    r"сер|вер|жов|лис|гру)"
)
_DATED = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}(?:st|nd|rd|th|[.º])?\s{0,3}(?:de )?"
    + _MONTH + r"|\b" + _MONTH + r"[а-яa-zé]{0,8}\.?\s{1,3}\d{1,2}\b|\d{4}年",
    re.IGNORECASE,
)  # fmt: skip
_DIGIT = re.compile(r"\d")
_TIMED = re.compile(r"(?<![\d.])\d{1,2}(?:[:.]\d{2}(?![.\d])|:\d{2}:\d{2})|\d{1,2}h\d{2}")
_ANGLED = re.compile(r"[<\[(](?:mailto:)?[^\s<>@]{1,80}@[^\s<>@]{1,120}[>\])]")
_ADDRESS = re.compile(r"[^\s<>@]{1,80}@[^\s<>@]{1,120}\.\w")
_VERB = re.compile(
    r"\b(?:пишет|пише|написав|(?:на)?писал(?:\(?а\)?|и)?|(?:сообщи|сказа|ответи|отправи)л(?:\(?а\)?|и)?|wrote|writes|"
    r"schrieb|écrit|escribi[óo]|ha scritto|escreveu|schreef|napisał\(?a?\)?|skrev|said)(?=[\s:,>(]|$)",
    re.IGNORECASE,
)
_START = re.compile(
    r"[\s*_«\"'(\[>]{0,6}(?:\d|on\s|am\s|le\s|el\s|il\s|em\s|op\s|den\s|w dniu|dne\s|at\s|вы (?:на)?писали|you wrote|"
    r"пользователь|(?:в\s)?(?:пн|вт|ср|чт|пт|сб|вс|нд|mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|"
    r"ven|sam|dim)[.,\s]|(?:во?\s)?(?:понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|воскресенье)"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|отправлено (?:из|с)\s|sent from\s)",
    re.IGNORECASE,
)
_WEEKDAY_ALONE = re.compile(
    r"(?:on|le|am|пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)[,.]{0,2}$",
    re.IGNORECASE,
)
_YOU_WROTE = re.compile(r"(?:вы писали|вы написали|you wrote)\b.{0,80}:$", re.IGNORECASE)


def field(words: str) -> str:
    """«from», «date», «to», «subject», «other» for a line that is a header field of somebody's letter, else empty."""
    place = words.find(":", 0, 26)
    if place < 0:
        place = words.find("：", 0, 12)
    if place <= 0:
        return ""
    return _FIELDS.get(words[:place].strip("*_ \t\xa0").lower(), "")


def field_value(words: str) -> str:
    """What stands after the colon of a field line."""
    return words.replace("：", ":", 1).partition(":")[2].strip("*_ \t\xa0;")


def separator(words: str) -> str:
    """«forward», «original» or «end» for a line like «-------- Пересылаемое сообщение --------»."""
    if not 7 <= len(words) <= 160 or not (words[0] in _DASHES or words[-1] == ":" or words[0] in "ЭT"):
        return ""
    inner = words.strip(_DASHES).casefold()
    if not 6 < len(inner) < 60:
        return ""
    dashed = words[0] in "-—–_=*<~" and words[:2] != "**"
    if inner in _FORWARD and (dashed or words[-1] == ":" or inner.startswith(("это", "this"))):
        return "forward"
    if inner in _ORIGINAL and dashed and words[1] in "-—–_=*8<~ ":
        return "original"
    if inner in _END and dashed:
        return "end"
    if dashed and inner.startswith(("forwarded by", "пересылаемое сообщение от")):
        return "forward"
    return ""


def is_rule(words: str) -> bool:
    """A line of underscores or dashes alone."""
    return len(words) >= 5 and not words.strip("_-—–=*")


def is_dashed(words: str) -> bool:
    """«-------- Vidarebefordrat meddelande --------»: words between dashes, in a language we may not know."""
    return words[:4] == "----" and words[-3:] == "---" and len(words) < 100


class Evidence:
    """What the words of a possible attribution («…, Иван <i@x.ru>:») hold; each question is asked when needed."""

    __slots__ = ("_words",)

    def __init__(self, words: str) -> None:
        """Up to 400 characters are looked at."""
        self._words = words[:400]

    @property
    def date(self) -> bool:
        """A day: in figures, or a month by name."""
        return bool(_DIGIT.search(self._words)) and bool(_DATED.search(self._words))

    @property
    def time(self) -> bool:
        """Hours and minutes."""
        return bool(_TIMED.search(self._words))

    @property
    def address(self) -> bool:
        """Any address."""
        return "@" in self._words and bool(_ADDRESS.search(self._words))

    @property
    def start(self) -> bool:
        """It begins as programs begin: with a day, a weekday, «On», «Вы писали»."""
        return bool(_START.match(self._words))

    @property
    def complete(self) -> bool:
        """Enough for a boundary when quoted lines follow."""
        if _YOU_WROTE.match(self._words):
            return True
        if self.date:
            return (self.start and (self.time or self.address)) or self._verb
        return self.address and self._verb

    @property
    def sure(self) -> bool:
        """Enough even when no quoted line follows."""
        angled = "@" in self._words and bool(_ANGLED.search(self._words))
        return angled and self.start and self.date and (self.time or self._verb)

    @property
    def _verb(self) -> bool:
        return bool(_VERB.search(self._words))


def ends_attribution(words: str) -> bool:
    """Whether a line can be the last one of an attribution."""
    return words.rstrip("*_ \xa0")[-1:] in {":", "："}


def is_weekday_alone(words: str) -> bool:
    """The first line of an attribution that was wrapped right after its weekday."""
    return len(words) < 16 and bool(_WEEKDAY_ALONE.match(words))
