"""Fields of meaning: a question about parking is answered by «машину поставите во дворе». Data: `data/fields.toml`."""

import re
from functools import cache

from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence, Word


def asked(words: tuple[Word, ...]) -> frozenset[int]:
    """The fields which the words of a question name."""
    things = tuple(word for word in words if word.is_a("NOUN"))
    return _named(lows(things)) or _named(lows(words))


def _named(low: str) -> frozenset[int]:
    return frozenset(number for number, (asks, _) in enumerate(_fields()) if asks.search(low))


def told(low: str, field: int) -> bool:
    """Whether folded text speaks of that field in any words."""
    return _fields()[field][1].search(low) is not None


def fits(low: str, field: int) -> bool:
    """The same of one clause: of money to give back no price of other things speaks («эклер стоит 210 ₽»)."""
    return told(low, field) and (field != _money() or _words("given_back").search(low) is not None)


def of_first_thing(words: tuple[Word, ...]) -> frozenset[int]:
    """The fields of the first noun of a question that has any."""
    named = (_named(word.low) for word in words if word.is_a("NOUN"))
    return next((one for one in named if one), frozenset())


def demands(client: Reading) -> list[tuple[int, str]]:
    """What the client demands: numbers in the list of demands, with the folded sentence."""
    return [
        (number, low)
        for low in (lows(sentence.words) for sentence in client.sentences)
        for number, (asks, _) in enumerate(_demands())
        if asks.search(low) and " или " not in low
    ]


def is_met(low: str, demand: int) -> bool:
    """Whether folded text says anything about what is demanded."""
    return _demands()[demand][1].search(low) is not None


def is_process(sentence: Sentence) -> bool:
    """Courtesy, or that the work goes on: nothing is answered."""
    return _words("process").search(lows(sentence.words)) is not None


def tells_of_money(low: str) -> bool:
    """Whether folded text speaks of giving money back."""
    return _fields()[_money()][1].search(low) is not None


def is_of_money(words: tuple[Word, ...]) -> bool:
    """Whether a question asks for money back."""
    return _money() in asked(words)


def is_courtesy(sentence: Sentence) -> bool:
    """Thanks, hopes, an address."""
    return _words("courtesy").search(lows(sentence.words)) is not None


def is_idle(sentence: Sentence) -> bool:
    """A question that asks the client for nothing: «вы точно были вовремя?»."""
    return _words("idle").search(lows(sentence.words)) is not None


def is_closing(sentence: Sentence) -> bool:
    """«Записать вас на четверг?», «какое время удобнее?»: it goes on with what is granted."""
    return _words("closing").search(lows(sentence.words)) is not None


def shows_how(low: str) -> bool:
    """Whether folded text says how something is done."""
    return _words("shows").search(low) is not None


def is_stock(low: str) -> bool:
    """«Осталось две», «дадим»: something is said to be there."""
    return _words("stock").search(low) is not None


def opens_with_yes_or_no(low: str) -> bool:
    """«Да, …», «нет, …», «можно»: an answer to some question for leave."""
    return re.match(tables("fields")["words"]["yes_or_no"], low) is not None


def lows(words: tuple[Word, ...]) -> str:
    """Folded words with single blanks between them."""
    return " ".join(word.low.strip() for word in words)


@cache
def _fields() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return _pairs("field")


@cache
def _money() -> int:
    return next(number for number, one in enumerate(tables("fields")["field"]) if one.get("money"))


@cache
def _demands() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return _pairs("demand")


def _pairs(name: str) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((_any(one["asks"]), _any([*one["asks"], *one["tells"]])) for one in tables("fields")[name])


@cache
def _words(name: str) -> re.Pattern[str]:
    return _any(tables("fields")["words"][name])


def _any(ways: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})")
