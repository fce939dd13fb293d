"""What only sounds like a promise: a price, a rule of the house, a try, what a thing will do by itself."""

from otklik.coach.reading import Word
from otklik.coach.rules._promise_clauses import Clause
from otklik.coach.rules._promise_words import is_doer, listed

_ANY = ("любой", "всякий")
_TIMES = ("день", "время", "час", "дата", "вечер", "утро")  # «перенесём на любой день» is a word given
_NEAR = 4  # words from «за» to the money of its price


def is_offer(parts: list[Clause], at: int, lemma: str, dated: bool) -> bool:
    """«Сделаем за 900 ₽», «возьмём с любой фотографии», «сперва попробуем отодвинуть»: of a deed without a day."""
    clause = parts[at]
    if dated:
        return False
    if lemma in listed("trying"):
        return any(word.low in listed("tryout") for word in clause.words)
    any_thing = clause.has(*_ANY) and not clause.has(*_TIMES)
    return any_thing or (lemma not in listed("giving") and _has_a_price(parts, at))


def _has_a_price(parts: list[Clause], at: int) -> bool:
    """«За 900 ₽» beside the deed, «: 2 900 ₽ …» after it."""
    words = parts[at].words
    if any(word.low in {"вам", "нами"} for word in words):
        return False
    for number, word in enumerate(words):
        if word.low == "за" and _is_money(words[number + 1 : number + _NEAR]):
            return True
    return any(one.mark in {":", "—", "–"} and _is_money(one.words[:3]) for one in parts[at + 1 : at + 2])


def _is_money(words: list[Word]) -> bool:
    if not words or words[0].token.kind != "number":
        return False
    return any(word.low in listed("money") or not word.lemmas.isdisjoint(listed("money")) for word in words)


def means_a_thing(parts: list[Clause], at: int, gender: str) -> bool:
    """«Про экспертизу забудьте, она вас разорит»: the clause before names a thing of that gender and nobody."""
    if not at:
        return False
    before = [word for word in parts[at - 1].words if word.is_word]
    if any(is_doer(word, "") or not word.lemmas.isdisjoint(listed("people")) for word in before):
        return False
    return any(word.is_a("NOUN", "inan", gender) for word in before if len(word.low) > 2)
