"""Clauses of a sentence and what is denied in them: «не примем», «нет», «нельзя», «недействительна», «не открыть»."""

from collections.abc import Iterator, Sequence
from functools import cache

from otklik.coach.phrases import tables
from otklik.coach.positive import Clause
from otklik.coach.reading import Word
from otklik.russian import morphology

_LISTS = "negative"
_STOPS = frozenset({",", ";", ":", "(", ")", "—", "–", " —", "\u00a0—", ".", "!", "?", "…"})
CLOSED = frozenset(
    {"закрыт", "закрыта", "закрыто", "закрыты", "недоступен", "недоступна", "недоступно", "недоступны"}
)
INVALID = frozenset({"недействителен", "недействительна", "недействительно", "недействительны"})
BARRED = INVALID | {"нельзя", "невозможно", "невозможен", "невозможна", "невозможны", "нет"}
EARLIER = frozenset({"раньше", "ранее", "прежде"})
_OPENERS = EARLIER | {"без", "до", "позже", "позднее", "после"}
_GOES_ON = frozenset({"и", "а", "но", "или", "зато", "если", "когда", "пока", "чтобы", "что", "как", "то"})
_PREDICATES = frozenset({"VERB", "INFN", "PRED", "ADJS", "PRTS", "GRND"})
_ADVISES = frozenset(
    {"лучше", "надо", "нужно", "можно", "важно", "просьба", "главное", "совет", "чтобы", "чтоб"}
)
_WIDEST = 60  # pieces of a clause that are looked through: longer ones nobody writes

Span = tuple[int, int]


@cache
def listed(name: str) -> frozenset[str]:
    """One of the word lists of `data/negative.toml`."""
    return frozenset(tables(_LISTS)[name])


def may_deny(words: Sequence[Word]) -> bool:
    """A quick look: whether anything here is denied at all."""
    return any(word.low in _SIGNS for word in words)


_SIGNS = BARRED | CLOSED | {"не", "никак"}


def where(words: Sequence[Word]) -> int | None:
    """Where it is denied: «не» before what isn't past, «нет», «нельзя», «закрыт», «никак» at the end."""
    for place, word in enumerate(words):
        if not word.judged:
            continue
        if word.low in BARRED or word.low in CLOSED:
            return place
        if word.low == "не" and place + 1 < len(words) and _is_deniable(words[place + 1]):
            return place
        if word.low == "никак" and place + 1 == len(words):
            return place
    return _impossible(words)


def _is_deniable(word: Word) -> bool:
    if not word.is_word:
        return False
    tag = morphology.parses(word.text)[0].tag
    if tag.POS == "VERB":
        return bool(tag.tense != "past")
    return word.is_a("VERB", "futr") or word.is_a("VERB", "pres") or word.low in listed("not_so")


def _impossible(words: Sequence[Word]) -> int | None:
    """«без ключа сейф не открыть»: an infinitive alone, with nothing that makes it advice."""
    for word in words:
        if word.low in _ADVISES or _part(word) in {"VERB", "PRED"}:
            return None
    pairs = zip(range(len(words) - 1), words, words[1:], strict=False)
    return next((at for at, word, after in pairs if word.low == "не" and _part(after) == "INFN"), None)


def _part(word: Word) -> str:
    """The likeliest part of speech, "" for what is no word."""
    return str(morphology.parses(word.text)[0].tag.POS) if word.is_word else ""


def is_order(words: Sequence[Word], denial: int) -> bool:
    """«не ешьте», «не звоните», not «не будем»."""
    if words[denial].low != "не":
        return False
    verb = words[denial + 1]
    return verb.is_a("VERB", "impr") and not verb.is_a("1per")


def calls_off(words: Sequence[Word], denial: int) -> bool:
    """An order that only says when and with what one may come: «не приезжайте», «не присылайте»."""
    return is_order(words, denial) and not words[denial + 1].lemmas.isdisjoint(listed("coming"))


# ---- clauses


def clauses(words: Sequence[Word], text: str) -> list[Clause]:
    """The clauses of a sentence; one with «к сожалению» inside it stays whole, «без A, B и C» with its verb too."""
    joined: list[Span] = []
    for span in _spans(words):
        last = joined[-1] if joined else None
        if last and words[span[0] - 1].text == "," and _belong(words, last, span):
            joined[-1] = (last[0], span[1])
        else:
            joined.append(span)
    return [Clause(words, begin, end, text) for begin, end in joined]


def _spans(words: Sequence[Word]) -> Iterator[Span]:
    begin = 0
    for place, word in enumerate(words):
        if word.text in _STOPS and not _is_than(words, place):
            if begin < place:
                yield begin, place
            begin = place + 1
        elif word.low == "пока" and begin < place <= begin + _WIDEST and _forgot_comma(words, begin, place):
            yield begin, place
            begin = place
    if begin < len(words):
        yield begin, len(words)


def _is_than(words: Sequence[Word], place: int) -> bool:
    """«раньше, чем через два дня»: this comma divides nothing."""
    return place + 1 < len(words) and words[place + 1].low == "чем"


def _forgot_comma(words: Sequence[Word], begin: int, place: int) -> bool:
    """«деньги не вернём пока не привезёте чек»."""
    after = words[place + 1 : place + 5]
    return any(word.low == "не" for word in after) and where(words[begin:place]) is not None


def _belong(words: Sequence[Word], last: Span, span: Span) -> bool:
    """Whether two parts with a comma between them are one clause."""
    one, other = words[last[0] : last[1]], words[span[0] : span[1]]
    if len(one) + len(other) > _WIDEST:
        return False
    if _is_aside(other) or (one[-1].end and _ends_aside(words, last)):
        return True
    if _only(other) and where(one) is not None and where(other) is None:
        return True
    return other[0].low not in _GOES_ON and _is_open(one) and (where(other) is not None or _lists(other))


def _only(words: Sequence[Word]) -> bool:
    """«кроме как в салоне», «иначе как по записи»."""
    return len(words) > 1 and words[0].low in {"кроме", "иначе"} and words[1].low in {"как", "чем"}


def _is_aside(words: Sequence[Word]) -> bool:
    return " ".join(word.low for word in words) in listed("asides") if len(words) <= 2 else False


def _ends_aside(words: Sequence[Word], span: Span) -> bool:
    """Whether a joined clause ends with such an aside: what follows goes on with it."""
    begin, end = span
    for length in (1, 2):
        at = end - length
        if at > begin and words[at - 1].text == "," and _is_aside(words[at:end]):
            return True
    return False


def _is_open(words: Sequence[Word]) -> bool:
    """«без паспорта», «раньше, чем позвонит курьер», «до вторника»: the predicate is still to come."""
    than = next(
        (at for at, word in enumerate(words[:-2]) if word.low in EARLIER and _says_than(words, at)), None
    )
    if than is not None:
        return not any(_part(word) == "VERB" for word in words[:than])
    opens = words[0].low in _OPENERS  # «пластырь без спирта, кожу не сушит» is two clauses
    return opens and not any(_part(word) in _PREDICATES for word in words)


def _says_than(words: Sequence[Word], at: int) -> bool:
    return "чем" in {words[at + 1].low, words[at + 2].low}


def _lists(words: Sequence[Word]) -> bool:
    """One thing more of a list: «…, полиса, …»."""
    return len(words) <= 3 and all(word.is_a("gent") for word in words if word.is_word)
