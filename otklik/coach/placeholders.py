"""Places that a template left open: «{name}», «[имя клиента]», «<ФИО>», «%NAME%», «___», «ХХ.ХХ», «Здравствуйте, !».

Plain patterns without morphology: the check before sending and the rule `template` share them. All repetitions
are bounded, so that the time is linear in the length. Budget: 1 000 characters ≤ 0.3 ms.
"""

import re
from collections.abc import Iterator

# what stands in brackets of a template: words that begin so name a thing to be put in, or tell to put it in
_SLOT = (
    r"им(?:я|ени)\b|ф\.?\s?и\.?\s?о\b|фамили|отчеств|дат[ауы]\b|врем(?:я|ени)\b|номер|№|сумм|адрес|ссылк|назван"
    r"|наименован|телефон|почт[аыу]\b|e-?mail|тариф|товар|город|причин|срок|должност|компани|подпис|клиент|оператор"
    r"|менеджер|сотрудник|цен[ауы]\b|стоимост|колич|кол-во|услуг|заказ|догово|адресат|получател|день\b|час\b|ваш[еа]?\b"
    r"|ваши\b|встав|подстав|впи(?:ш|с)|укаж|указат|заполн|добав(?:ьте|ить)|дополн|текст|пример|вариант|скидк|промокод"
    r"|ник(?:нейм)?(?:\s|\])|логин|игрок|пациент|гост[ья]\b|ученик|пассажир|абонент|курьер|врач[а]?\b|мастер[а]?\b|водител"
    r"|name|first|last|user|client|customer|agent|order|ticket|date|time|number|link|url|phone|price|amount|sum\b"
    r"|company|product|insert|your|todo|tbd|xx|хх"
)
_SYSTEM = (
    r"(?:temp|tmp|appdata|localappdata|userprofile|programfiles|programdata|systemroot|windir|path|homepath"
    r"|public|comspec|systemdrive|computername|random|date|time|cd|os)%"
)
_GREETED = (
    r"(?:здравствуй(?:те)?|привет(?:ствуем)?|добр(?:ый|ое|ого|ой)\s(?:день|утро|вечер|времени\sсуток|дня)"
    r"|уважаем(?:ый|ая|ые|ая\(ый\)|ый\(ая\)))"
)
_NAME = (
    r"(?:\((?:имя|ф\.?\s?и\.?\s?о|фамили|name|клиент|гост|пациент)[^()\n]{0,30}\)"
    r"|имя(?:\s(?:и\s)?отчество)?|ф\.?\s?и\.?\s?о\b|фамилия(?:\sимя)?(?:\sотчество)?|name)"
)
_PATTERN = re.compile(
    rf"""
    \{{\{{[^{{}}\n"]{{1,80}}\}}\}} | \{{%[^{{}}\n]{{1,80}}%\}} | \$?\{{[\w.|\-\ ]{{1,60}}\}}
  | \[\[[\w.|\-\ ]{{1,60}}\]\]
  | \[(?=\s?(?:{_SLOT}))[^\[\]\n@/=]{{1,80}}\](?!\() | <{{1,2}}(?=\s?(?:{_SLOT}))[^<>\n@/=]{{1,80}}>{{1,2}}
  | \((?:встав(?:ьте|ить)|подстав(?:ьте|ить)|впи(?:шите|сать)|(?:сюда|тут)\s(?:имя|дат|номер|ссылк))[^()\n]{{0,80}}\)
  | (?<![\w%\\/])%(?!{_SYSTEM})[^\W\d_][^\W\d]{{2,40}}%(?![\w\\/])
  | \$(?:first_?|last_?|user_?|client_?)?name\b
  | (?<![\w#])\#[^\W\d_][^\W\d]{{2,40}}\#(?!\w) | \*\|[A-Z_0-9]{{2,30}}\|\*
  | (?<![\w_])_{{3,200}}(?![\w_])
  | (?<!\w)[xх]{{2}}(?:[./:-][xх]{{2,4}}){{1,2}}(?!\w) | (?<!\w)n{{2}}[.:]n{{2}}(?:[.]n{{2,4}})?(?!\w)
  | (?<=№)\s?[xх]{{2,12}}(?!\w) | (?<=№)\s?n{{1,12}}(?!\w)
  | (?<!\w)(?:[xх]{{2,8}}|n{{1,4}})(?=\s?(?:руб|₽|р\.|дн|рабочих|минут|час(?:ов|а)?\b|процент))
  | (?<!\w)(?:дд[./]мм(?:[./]гг(?:гг)?)?|dd[./]mm[./]yy(?:yy)?|чч:мм|hh:mm|00[.]00[.]0000)(?!\w)
  | (?-i:(?<!\w)[А-ЯЁ]{{2,20}}(?:_[А-ЯЁ]{{2,20}}){{1,4}}(?!\w))
  | (?<!\w)(?<=,\s)(?:none|null|undefined|nan|nil)(?=\s?[!,.])
  | (?<!\w){_GREETED},?\s{_NAME}(?=\s?[!,.])
  | (?<!\w){_GREETED},\s?[!.,]
  | (?-i:(?<![\w-])[XХ]{{3,8}}(?![\w-]))
  | lorem\sipsum
    """,
    re.VERBOSE | re.IGNORECASE,
)
# «дата в формате ДД.ММ.ГГГГ», «номер вида XX-XX» tell the client how to write, nothing was left open
_FORMAT = re.compile(r"(?:формат|вид[еау]?\b|маск|шаблон|например)[^.!?\n]{0,30}$", re.IGNORECASE)
_SHAPE = re.compile(r"[xхnдмгчdmyh0./:-]+", re.IGNORECASE)


def find(text: str) -> Iterator[tuple[int, int]]:
    """Places `[start, end)` left open, in order; they don't overlap."""
    for match in _PATTERN.finditer(text):
        start, end = match.span()
        is_shape = _SHAPE.fullmatch(match[0].strip())
        if is_shape and _FORMAT.search(text[max(0, start - 60) : start]):
            continue
        if "_" * 3 in match[0] and _is_ruled_line(text, start, end):
            continue
        yield start, end


def _is_ruled_line(text: str, start: int, end: int) -> bool:
    """A line that holds nothing but the underscores parts the text."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    after = text[end : end + 80].split("\n", 1)[0]
    return not before.strip() and not after.strip()
