"""Deeds that a firm withholds, by letters: «не», «никто не» and a verb of giving or doing for people, in any person.

The classes of verbs and what only looks like them: `[words]` and `[serving]` of `data/refusal.toml`.
"""

import re
from functools import cache

from otklik.coach.phrases import tables
from otklik.coach.reading import Sentence, Word
from otklik.coach.refusalwords import beginnings, begins, clause_round, is_condition, is_subordinate, words

_FIRST_PLURAL = re.compile(r"\w{2,30}(?:ем|им)(?:ся)?")
_REFLEXIVE = re.compile(r"(?:[еи]т|[ую]т|[ая]т)ся\Z")
_GIVE = r"(?:(?:вы|про|от|с|раз|воз|за|из)?да(?:ем|ю|ет|ют|м|дим|ст|дут))"
_ENDINGS = r"(?:ем|им|у|ю|ут|ют|ат|ят|ет|ит)"
_INFINITIVE = re.compile(r"(?:[аяеиуоы]ть|сти|зти|чь)\Z")
_THIRD = re.compile(r"(?:[еи]т|[ую]т|[ая]т|аст)\Z")
_SINGULAR = re.compile(r"(?:[еи]т|аст)\Z")
_NEAR = 8  # words before a denied verb among which its service stands
_NOTHING = frozenset({"ничего", "никому", "никого", "никуда", "никогда", "нигде", "нисколько"})
_WITHIN = frozenset({"вам", "вас", "его", "ее", "их", "это", "этого", "такого", "такое"})

Held = tuple[Word, Word]  # the first and the last of the words that deny


def withheld(sentence: Sentence) -> Held | None:
    """The denying words of the first deed that the sentence withholds."""
    written = [word for word in sentence.words if word.is_word]
    for at, denial in enumerate(written[:-1]):
        if denial.low != "не" or not denial.judged or (at and written[at - 1].low in _NOTHING):
            continue
        found = (
            _deed(sentence, written, at) or _passive(sentence, written, at) or _beyond(sentence, written, at)
        )
        if found:
            return found
    return None


def _deed(sentence: Sentence, written: list[Word], at: int) -> Held | None:
    """«Не вызываем», «не шьют», «не снимаю»: what isn't done, whatever the verb where «мы» speak."""
    verb = _verb(written, at)
    clause = clause_round(sentence, written[at].start, verb.end)
    if is_subordinate(sentence, clause) or is_condition(clause, written[at]) or _spares(clause):
        return None
    if begins(clause, "burden") and not verb.low.startswith(beginnings("giving")):
        return None
    if _FIRST_PLURAL.fullmatch(verb.low):
        harmless = verb.low in words("harmless") and not (
            verb.low in words("taking") and _takes(sentence, clause)
        )
        return None if harmless else (written[at], verb)
    if not serves(verb.low) or verb.low in words("other_words") or begins(clause, "unwanted"):
        return None
    if not _THIRD.search(verb.low):
        return written[at], verb  # «срочных заказов не беру»
    return (written[at], verb) if _is_ours(clause, verb) else None


def _beyond(sentence: Sentence, written: list[Word], at: int) -> Held | None:
    """«Задним числом больничный не оформить»: an infinitive alone, with nothing that makes it advice."""
    verb = written[at + 1]
    if not _INFINITIVE.search(verb.low) or not verb.low.startswith(beginnings("services")):
        return None
    clause = clause_round(sentence, written[at].start, verb.end)
    if is_subordinate(sentence, clause) or is_condition(clause, written[at]) or _spares(clause):
        return None
    idle = begins(sentence.words, "advising") or begins(clause, "burden") or begins(clause, "soothing")
    return None if idle else (written[at], verb)


def _verb(written: list[Word], at: int) -> Word:
    """The word after «не», past one pronoun: «не вам решать» is none, «не это делаем» is."""
    after = written[at + 1]
    return written[at + 2] if after.low in _WITHIN and at + 2 < len(written) else after


def _takes(sentence: Sentence, clause: tuple[Word, ...]) -> bool:
    """«Шубы в чистку не берём»; «лишнего не возьмём», «за это не берём» spares, and so does a price beside it."""
    lows = {word.low for word in clause}
    if any(word.low in {"₽", "руб", "рублей", "рубля"} for word in sentence.words):
        return False
    return not begins(clause, "sparing") and "за" not in lows and not {"с", "вас"} <= lows


def _is_ours(clause: tuple[Word, ...], verb: Word) -> bool:
    """«Врач не выезжает», «у нас не шьют», «такого не дают»; «дети не платят» is of others."""
    lows = {word.low for word in clause}
    if begins(clause, "firms") or ({"у", "нас"} <= lows):
        return True
    if verb.low.startswith(beginnings("firm_deeds")) and not _is_anothers(clause):
        return True
    # «они» without a name: nobody else in the nominative can be told by letters, so a short clause of a thing alone
    return not _SINGULAR.search(verb.low) and not begins(clause, "others_who")


def _is_anothers(clause: tuple[Word, ...]) -> bool:
    """Whether a thing that fails or one who isn't the firm stands in the clause."""
    return begins(clause, "devices") or begins(clause, "others_who")


def _spares(clause: tuple[Word, ...]) -> bool:
    return not words("spares").isdisjoint(word.low for word in clause)


# ---- the passive of an office


def _passive(sentence: Sentence, written: list[Word], at: int) -> Held | None:
    """«Не переоформляются», «возвращены не будут»: what a firm does for people is denied in the passive."""
    found = _denied(written, at)
    if found is None:
        return None
    clause = clause_round(sentence, found[0].start, found[1].end)
    if is_subordinate(sentence, clause) or is_condition(clause, written[at]) or _spares(clause):
        return None
    gives_back = any(word.low.startswith(beginnings("giving")) for word in found)
    is_ours = (
        gives_back
        or found[1].low in words("turned_down")
        or not (begins(clause, "burden") or begins(clause, "soothing"))
    )
    return found if is_ours else None


def _denied(written: list[Word], at: int) -> Held | None:
    """The first and the last of the words round the «не» at `at` that deny a deed of an office."""
    verb = written[at + 1]
    if _REFLEXIVE.search(verb.low) and _is_of_an_office(written, at):
        return written[at], verb
    if verb.low in {"будет", "будут", "может", "могут"}:
        if at and _is_given(written[at - 1]):
            return written[at - 1], verb
        given = next((word for word in written[at + 2 : at + 5] if _is_given(word)), None)
        return (written[at], given) if given else None
    about = tuple(written[max(0, at - _NEAR) : at] + written[at + 2 : at + 5])
    if verb.low in words("turned_down") and begins(about, "requests"):
        return written[at], verb
    return None


def _is_of_an_office(written: list[Word], at: int) -> bool:
    """A firm's own verb, or any that nothing does by itself beside a service: «багаж не перевозится»."""
    low = written[at + 1].low
    if low.startswith(beginnings("together")):
        return False  # «скидки не суммируются»: a rule, nobody is refused
    if low.startswith(beginnings("office")):
        return True
    near = tuple(written[max(0, at - _NEAR) : at])
    return not low.startswith(beginnings("happens")) and (begins(near, "services") or begins(near, "wanted"))


def _is_given(word: Word) -> bool:
    low = word.low
    return low in words("given") or (low[-1:] in {"а", "о", "ы"} and low[:-1] in words("given"))


@cache
def _serving() -> re.Pattern[str]:
    """Present and future of the verbs of serving: «выпиш-ут», «снима-ю», and «дать» with its kin."""
    stems = "|".join(map(re.escape, tables("refusal")["words"]["serving"]))
    return re.compile(rf"{_GIVE}|(?:{stems}){_ENDINGS}")


def serves(low: str) -> bool:
    """Whether the word is a verb of serving people, in the present or the future."""
    return _serving().fullmatch(low) is not None
