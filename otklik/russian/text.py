"""Russian text cut into words, marks and sentences, each with its place in the text it came from.

Places are offsets in Unicode code points, half open: `text[start:end]`. Nothing here raises on any text.
Budget: 1 000 characters ≤ 1 ms.
"""

import re
from typing import Literal, NamedTuple

Kind = Literal["word", "number", "mark", "place", "other"]

_PIECES = re.compile(
    r"""
    (?P<place>
        (?:https?://|ftp://|www\.)[^\s«»"<>]+ | (?<![\w@])@\w{3,}
      | (?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+
      | (?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,5}
        (?:ru|рф|com|org|net|su|io|dev|local)(?![\w-])(?:/[^\s«»"<>]*)?
    )
  | (?P<number>
        \d{1,3}(?:[\ \u00a0\u202f]\d{3})+(?![^\W_])(?:,\d+)? | \d+(?:[.,:/]\d+)+ | (?>\d+)(?![^\W\d_])
    )
  | (?P<word> [^\W_]+(?:[-\u2010\u2011'’][^\W_]+)* )
  | (?P<mark> \.{2,}|…|[!?]+|\s?—|[^\w\s] )
  | (?P<other> \S )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FOLD = str.maketrans("ё\u2010\u2011", "е--")
_ENDS = re.compile(r"^(?:[.!?…]+)$")
_CLOSING = frozenset("»”\")’']")
_CLOSINGS = 8  # that many may close one sentence, «(…».) 🙂»: a text of quotes alone must not be walked again and again
_OPENING = frozenset('«„“"([{')
# a full stop after these ends no sentence by itself
_SHORTENED = frozenset(
    re.findall(
        r"\w+",
        "г гг ул д кв стр корп оф пр просп пер пл руб коп тыс млн млрд см ср т п др им тел доб обл р н"
        " рис табл гл ст пп пн вт чт пт сб вс янв февр мар апр июн июл авг сент окт нояб дек мин сек ч"
        " шт экз ред изд напр прим ок долл эл mr mrs ms dr prof",
    )
)
# these too where a small letter follows
_SHORTENED_INSIDE = _SHORTENED | frozenset(
    re.findall(
        r"\w+",
        "мес нед дн сут кг гр мг мм км мл куб пог эт под лит мкр пос дер наб бул шос ауд каб ком зд вл влд сот раб"
        " ув уваж доп моб вн внутр арт мод сер ном ед уп упак кор компл макс миним обяз треб гар бесп зав зам нач ген"
        " дир спец орг техн тех юр физ рег действ осн соц сокр англ рус лат нем фр авт маш докум прил разд абз кн вып"
        " илл отд отв пред след вкл выкл искл чел чл дог сч зак тов опл получ отпр муж жен проч соотв акад доц преп"
        " студ асс инж бух менедж адм гос муниц коммун фин кред напр наим колич предв приблиз еж ежем дет взр"
        " взросл ребен станд инд перс исп испр изм обор оборуд",
    )
)
# of these, the ones that may end a sentence as well: «в 2026 г. Мы», «5 мин. Потом»
_MAY_END = frozenset({"г", "гг", "ч", "мин", "сек", "руб", "коп", "д", "др", "п", "т", "шт"})
_VOWELS = frozenset("аеиоуыэюяaeiouy")
_ITEMS = 40  # so many pieces back the item before is looked for, «1. открыть сайт 2. войти»
_DASHES = frozenset("—–-")
_LIST_ITEM = re.compile(r"\n(?=[ \t]*(?:[-–—•*·]|\d{1,2}[.)])[ \t])|\n[ \t]*\n|\n(?=[ \t]*[A-ZА-ЯЁ«])")


class Token(NamedTuple):  # a tuple is made in a third of the time of a frozen dataclass
    """A word, a number, a mark, an address of some kind (`place`) or a thing like an emoji (`other`)."""

    text: str
    low: str  # lower case, «е» for «ё»: what lists of words are compared with
    start: int
    end: int
    kind: Kind


def fold(word: str) -> str:
    """Lower case, «е» for «ё», one kind of hyphen."""
    return word.lower().translate(_FOLD)


def tokens(text: str) -> list[Token]:
    """All pieces of a text in order; blanks belong to none of them."""
    found = []
    for match in _PIECES.finditer(text):
        kind: Kind = match.lastgroup or "other"  # type: ignore[assignment]  # the groups bear the names of the kinds
        start, end = match.span()
        if kind == "place":  # the full stop after an address ends the sentence
            end = start + len(match[0].rstrip(".,;:!?)"))
        piece = text[start:end]
        found.append(Token(piece, fold(piece), start, end, kind))
        if end < match.end():
            found += [Token(text[at], text[at], at, at + 1, "mark") for at in range(end, match.end())]
    return found


def sentences(text: str, pieces: list[Token]) -> list[tuple[int, int]]:
    """Sentences as half-open ranges of `pieces`, every piece in exactly one.

    Items of a list, paragraphs and lines that begin with a capital are sentences of their own: agents leave out
    the full stop there. Shortened words («ул.», «10 тыс. руб.»), initials and «1.» of a list end nothing.
    """
    breaks = [match.end() for match in _LIST_ITEM.finditer(text)]
    cuts: list[tuple[int, int]] = []
    begun, waiting, depth = 0, 0, 0
    for at, piece in enumerate(pieces):
        while waiting < len(breaks) and breaks[waiting] <= piece.start:
            if at > begun:
                cuts.append((begun, at))
                begun = at
            waiting += 1
        if at > begun and (_begins(pieces, at, begun) or (depth < 0 and _smiled(pieces, at, begun))):
            cuts.append((begun, at))
            begun = at
        depth = _depth(piece.text, 0 if begun == at else depth)
    if begun < len(pieces):
        cuts.append((begun, len(pieces)))
    return cuts


def _begins(pieces: list[Token], at: int, begun: int) -> bool:
    """Whether a sentence begins at `at`: an end stands before it, with what closes that sentence."""
    before, far = at - 1, max(begun, at - _CLOSINGS)
    while before > far and (pieces[before].text in _CLOSING or _is_picture(pieces[before])):
        before -= 1
    piece, end = pieces[at], pieces[before]
    if before < at - 1 and _is_picture(pieces[at - 1]) and piece.text[0].isupper() and end.kind == "word":
        return True
    if not _ENDS.match(end.text) or _goes_on(piece, pieces[at - 1]):
        return False
    if end.text != ".":
        return not (end.text.startswith((".", "…")) and piece.text[0].islower())
    if before == begun:
        return True
    last = pieces[before - 1]
    if piece.text[0].islower():
        return not _is_shortened(last) and not _numbers_an_item(pieces, before - 1, begun)
    if last.end == end.start and (last.low in _SHORTENED or _is_initial(last)):
        return last.low in _MAY_END and not _opens_a_name(pieces, before - 1)
    return not (last.kind == "number" and before - 1 == begun and last.end - last.start <= 2)


def _is_shortened(word: Token) -> bool:
    """Whether a full stop and a small letter after a word go on: «доп. соглашение», «т. к.», «стр-во. там»."""
    if word.kind != "word" or len(word.low) == 1:
        return word.kind == "word"
    return word.low in _SHORTENED_INSIDE or _VOWELS.isdisjoint(word.low)


def _numbers_an_item(pieces: list[Token], at: int, begun: int) -> bool:
    """«нужно: 1. открыть сайт 2. войти», yet not «ряд 4. приносите»."""
    number = pieces[at]
    if number.kind != "number" or not number.text.isdecimal() or len(number.text) > 2:
        return False
    if at == begun or pieces[at - 1].text in {":", ";", ",", ")"}:
        return True
    one_less = str(int(number.text) - 1)
    found = range(max(begun, at - _ITEMS), at - 1)
    return any(pieces[item].text == one_less and pieces[item + 1].text == "." for item in found)


def _depth(text: str, depth: int) -> int:
    """How many brackets stand open after a piece; below nothing after a smile, «жду)»."""
    return depth + 1 if text == "(" else depth - 1 if text == ")" else max(depth, 0)


def _smiled(pieces: list[Token], at: int, begun: int) -> bool:
    """A smile ends a sentence: «сделаем) Приходите», «не кипишуй ))) завтра придёт»; not «1) войти 2) выйти»."""
    piece, last = pieces[at], pieces[at - 1]
    if piece.kind != "word" or last.text != ")" or piece.start == last.end:
        return False
    first = at - 1
    while first > max(begun, at - _CLOSINGS) and pieces[first - 1].text == ")":
        first -= 1
    if at - first > 1:
        return True
    before = pieces[first - 1]
    if before.text in {":", ";", "=", ":-", ";-"} and before.end == pieces[first].start:
        return True
    return piece.text[0].isupper() and first > begun and before.kind == "word" and len(before.text) > 1


def _goes_on(piece: Token, previous: Token) -> bool:
    """Whether a piece after an end can't begin a sentence: a closing mark, a comma, a letter that touches the end."""
    if piece.text in _CLOSING or (piece.start == previous.end and not piece.text[0].isupper()):
        return True
    return piece.kind == "mark" and piece.text not in _OPENING and piece.text.strip() not in _DASHES


def _opens_a_name(pieces: list[Token], at: int) -> bool:
    """«г. Москва», «д. Ивановка»: the shortened word opens a name; «2026 г. Мы» ends a sentence."""
    after_number = at > 0 and pieces[at - 1].kind == "number"
    return pieces[at].low in {"г", "д", "п", "т"} and not after_number


def _is_picture(piece: Token) -> bool:
    """An emoji closes the sentence before it: «Здравствуйте! 🙂 Рады помочь»."""
    return piece.kind in {"mark", "other"} and piece.text[0] >= "\u2600"


def _is_initial(piece: Token) -> bool:
    return len(piece.text) == 1 and piece.text.isupper()
