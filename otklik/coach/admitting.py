"""Whether a reply admits that we failed: «мы ошиблись», «по нашей вине», «наш курьер перепутал подъезды»."""

from itertools import pairwise

from otklik.coach.phrases import Match, phrases, tables
from otklik.coach.reading import Reading, Sentence, Word
from otklik.russian import morphology

_REACH = 8  # words back from a verb to its subject
_NEAR = 4  # words on from a verb to a subject that stands after it
_NO = frozenset({"не", "ни", "нет"})
_WE = frozenset({"мы", "я"})
_OURS = frozenset({"наш", "мой"})
_WRONGLY = frozenset({"по ошибке", "вашего согласия", "вашего ведома"})
_ASTRAY = frozenset({"не тот", "не ту", "не те", "не то", "не туда", "не тому", "не той", "не тем", "не так"})
_TRADES = ("ист", "щик", "чик", "щица", "чица", "лог", "арь", "вар")
_OTHERS = frozenset({"вы", "ты", "он", "она", "оно", "они", "который", "кто"})


def admits(reading: Reading) -> bool:
    """A fault named as ours, a failing deed of «мы», «я» or our people, a failure in our house that nobody else
    is named for: «по нашей вине», «кассир пробил дважды», «произошёл сбой».
    """
    others = tables("apology")["others"]
    for sentence in _told(reading):
        if _is_named(sentence, "admission") or _we_failed(sentence):
            return True
        if not sentence.has(*others) and not _blames_client(sentence) and _is_named(sentence, "mishap"):
            return True
    return False


def _told(reading: Reading) -> list[Sentence]:
    return [sentence for sentence in reading.judged_sentences if not sentence.is_question]


def _blames_client(sentence: Sentence) -> bool:
    """«Вы неправильно указали индекс, поэтому письмо вернулось»."""
    wrongly = tables("apology")["wrongly"]
    return any(one.low == "вы" and after.low in wrongly for one, after in pairwise(sentence.words))


def _is_named(sentence: Sentence, key: str) -> bool:
    return any(
        _is_said(match) and not _is_yours(match) for match in phrases("apology", key).find_in(sentence)
    )


def _is_yours(match: Match) -> bool:
    """«Книгу вы утратили по собственной небрежности», «такси везло вас слишком долго»: nobody of us is named."""
    before = [word for word in match.sentence.words if word.end <= match.words[0].start]
    others = tables("apology")["others"]
    return any(word.low == "вы" or not word.lemmas.isdisjoint(others) for word in before)


def _is_said(match: Match) -> bool:
    """Neither denied («не наша ошибка») nor supposed («если это наша ошибка»)."""
    words = [word.low for word in match.sentence.words if word.end <= match.words[-1].end]
    at = len([word for word in match.sentence.words if word.end <= match.words[0].start])
    denied = not _NO.isdisjoint(words[max(0, at - 1) :]) and not {"не", "вы"} <= set(words[at:])
    return not denied and _unreal().isdisjoint(words)


def _unreal() -> frozenset[str]:
    return frozenset(tables("apology")["unreal"])


def _we_failed(sentence: Sentence) -> bool:
    words = [word for word in sentence.words if word.judged]
    for at, word in enumerate(words):
        if word.is_word and word.is_a("VERB", "past") and _fails(words, at):
            before = {one.low for one in words[:at]}
            if _unreal().isdisjoint(before) and not _is_wish(words, at) and _is_ours(words, at):
                return True
    return False


def _fails(words: list[Word], at: int) -> bool:
    """Whether the verb is a failing one, or a plain one turned so by «не», «дважды», «не туда»."""
    known = tables("apology")
    word = words[at]
    if at and words[at - 1].low == "не":
        return _omits(words, at)
    if _among(known["failed"], word):
        lost = not word.lemmas.isdisjoint(("потерять", "утерять"))
        return not lost or not any(_among(known["own_losses"], one) for one in words[max(0, at - 2) : at + 5])
    if _goes_wrong(words, at) or _swaps(words, at):
        return True
    if _among(known["damaged"], word):
        after = words[at + 1 : at + 6]
        return any(
            _among(known["belongings"], one) and (not n or after[n - 1].low != "по")
            for n, one in enumerate(after)
        ) or any(_among(known["belongings"], one) for one in words[max(0, at - 4) : at])
    near = {one.low for one in words[max(0, at - 2) : at + 4]}
    if not near.isdisjoint(known["by_chance"]):
        return not _among(known["lucky"], word)
    return not near.isdisjoint(known["twice"]) and _among(known["harmful"], word)


def _omits(words: list[Word], at: int) -> bool:
    """«Не предупредили», «не привезли вовремя»; «не заметили нарушений» is no failure."""
    known = tables("apology")
    if any(_among(known["harmless"], one) for one in words[at + 1 : at + 5]):
        return False
    if _among(known["omitted"], words[at]):
        return True
    waits = any(one.low in {"пока", "когда", "если"} for one in words[:at])
    if (
        not waits
        and _among(known["duties"], words[at])
        and any(_among(known["staff"], one) for one in words[max(0, at - 6) : at])
    ):
        return True
    late = any(_among(known["in_time"], one) for one in words[max(0, at - 4) : at + 5])
    return late and words[at].low not in ("был", "была", "было", "были")


def _swaps(words: list[Word], at: int) -> bool:
    """«Записала Садовую вместо Садового», «ушила не ту сторону»."""
    after = [one.low for one in words[at + 1 : at + 5]]
    if not words[at].is_a("VERB", "past", "perf"):
        return False
    gave = _among(tables("apology")["gave"], words[at]) or _among(tables("apology")["took"], words[at])
    return ("вместо" in after and gave) or any(
        f"{one} {next_one}" in _ASTRAY for one, next_one in pairwise(after)
    )


def _goes_wrong(words: list[Word], at: int) -> bool:
    """«Неверно указали», «отправили по ошибке», «положил не ту куртку», «дал неверный ответ»."""
    known = tables("apology")
    near = words[max(0, at - 2) : at + 6]
    pairs = {f"{one.low} {after.low}" for one, after in pairwise(near)}
    if any(one.low in known["wrongly"] for one in near[:6]) or not pairs.isdisjoint(_WRONGLY):
        return True
    if not _among(known["gave"], words[at]):
        return False
    no_such = any(
        one.low == "не" and "тот" in third.lemmas for one, third in zip(near, near[2:], strict=False)
    )  # «не на тот адрес», «не по тому»
    return (
        no_such
        or not pairs.isdisjoint(_ASTRAY)
        or any(_among(known["wrong"], one) for one in words[at + 1 : at + 4])
    )


def _among(lemmas: list[str], word: Word) -> bool:
    return not word.lemmas.isdisjoint(lemmas)


def _is_wish(words: list[Word], at: int) -> bool:
    """«Мы забыли бы»: nothing happened."""
    return any(one.low in ("бы", "б") for one in words[at + 1 : at + 3])


def _is_ours(words: list[Word], at: int) -> bool:
    """Whether the doer of the verb is ours: «мы», «я», «курьер», «наша система»."""
    for place in range(at - 1, max(-1, at - 1 - _REACH), -1):
        if words[place].text in (":", ";"):
            break
        ours = _doer(words, place)
        if ours is not None:
            return ours
    for place in range(at + 1, min(len(words), at + 1 + _NEAR)):
        ours = _doer(words, place)
        if ours is not None:
            return ours
    return _is_left_out(words, at)


def _doer(words: list[Word], place: int) -> bool | None:
    """True where our side stands at `place`, False where another does, None where no doer does."""
    word = words[place]
    if word.low in _WE:
        return True
    if word.low in _OTHERS or word.low.startswith("котор"):
        return False
    likeliest = morphology.parses(word.text)[0].tag if word.is_word else ""
    if "NOUN" not in likeliest or not word.is_a("NOUN", "nomn"):
        return None
    known = tables("apology")
    ours = not word.lemmas.isdisjoint((*known["staff"], *known["things"])) or _is_by_trade(word)
    named_ours = any(not one.lemmas.isdisjoint(_OURS) for one in words[max(0, place - 2) : place])
    staff = _is_by_trade(word) or not word.lemmas.isdisjoint(known["staff"])
    if ours and (named_ours or staff):
        return True
    return False if "anim" in likeliest or ours else None


def _is_by_trade(word: Word) -> bool:
    """«Телефонист», «обивщик»: the ending tells of a trade, and nobody of the client's side is called so."""
    tag = morphology.parses(word.text)[0].tag
    known = tables("apology")
    return (
        word.low.endswith(_TRADES)
        and "anim" in tag
        and word.lemmas.isdisjoint((*known["others"], *known["no_trades"]))
    )


def _is_left_out(words: list[Word], at: int) -> bool:
    """«Перепутали адрес, исправили»: the verb opens the sentence and nobody else is spoken of."""
    opens = all(
        not one.is_word or one.low in ("да", "тут", "здесь", "и", "не", "действительно") for one in words[:at]
    )
    ours = any(one.is_a("VERB", "1per") for one in words)
    others = any(one.low in _OTHERS or (one.is_a("VERB", "impr") and not ours) for one in words)
    return opens and not others and words[at].is_a("VERB", "past", "plur")
