"""A deed that touches the client, or a refusal, without a reason anywhere near it (contract: `unexplained`).

Silent where the client asked for it, where it favours the client, where somebody only may do it or it is denied.
Deeds: `data/unexplained.toml`; reasons: `otklik/coach/reasons.py`.
"""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

from otklik.coach.acts import refused as all_refused
from otklik.coach.phrases import phrases, tables
from otklik.coach.reading import Reading, Sentence, Word, finding
from otklik.coach.reasons import is_explained, says_why
from otklik.coach.refusalwords import LONGEST, is_reported
from otklik.coach.refusing import Refusal
from otklik.coach.remedies import lifts_itself
from otklik.coach.reply import Finding
from otklik.coach.verbalnouns import is_made_of_verb
from otklik.coach.waying import tells_when
from otklik.russian.dates import MONTHS, WEEKDAYS

CODE = "unexplained"
REASON_DEED = "Клиент не поймёт, почему так вышло: скажите причину хотя бы одной фразой."
REASON_REFUSAL = "Отказ без причины звучит как каприз: скажите, почему так, хотя бы одной фразой."
_READ = 500  # words of a text among which a request or a good end is looked for
_QUICKLY = frozenset({("за", "день"), ("за", "час"), ("за", "сутки"), ("за", "минуту"), ("в", "тот")})
_EVERY_WEEK = frozenset(
    {"понедельникам", "вторникам", "средам", "четвергам", "пятницам", "субботам", "воскресеньям"}
)
_DAYS = frozenset({"завтра", "сегодня", "послезавтра"})
_FROM_NOW = frozenset({"этого", "этой", "нового", "следующего", "следующей", "ближайшего", "текущего"})
_TO_YOU = frozenset({"вам", "вас"})
_DASHES = frozenset({("—", "это"), ("–", "это"), ("-", "это")})
_THIS = frozenset({"этому", "этот", "этого", "эту", "этой", "вашему", "вашей", "вашего", "ваш", "вашу"})
_CURT = 2  # words of «не можем», «увы, нет»
_BORDERS = frozenset(",;:—–()")
Deed = dict[str, Any]  # a table of the TOML file


def find(reading: Reading) -> Iterator[Finding]:
    """One finding for each sentence that needs a reason and has none."""
    refused = {one.sentence: one for one in all_refused(reading)}
    for at, sentence in enumerate(reading.sentences):
        if not sentence.is_judged or sentence.is_question:
            continue
        refusal = refused.get(at)
        if refusal and _is_bare(sentence) and _goes_on(reading, at):
            continue
        refused_at = _refusal_place(sentence, refusal)
        deed = _deed_place(reading, sentence)
        is_cut_first = bool(deed and refused_at and deed[1] < refused_at[0])  # «код отменён, новый не дадим»
        place = deed if is_cut_first else refused_at or deed
        if (
            place
            and not is_explained(
                reading,
                at,
                place,
                refuses=(bool(refused_at) and not is_cut_first) or _is_denied(sentence, place),
                policy=bool(refused_at) and not is_cut_first and _is_policy(sentence, place),
            )
            and not _next_explains(reading, refused, at)
        ):
            reason = REASON_REFUSAL if refusal else REASON_DEED
            yield finding(CODE, (sentence.start, sentence.end), reason)


def _goes_on(reading: Reading, at: int) -> bool:
    """«Нет. Вечером не возим»: the next sentence says what is refused, and owes the reason."""
    after = reading.sentences[at + 1] if at + 1 < len(reading.sentences) else None
    return after is not None and bool({"не", "нет", "нельзя", "никто"} & {word.low for word in after.words})


def _is_policy(sentence: Sentence, place: tuple[int, int]) -> bool:
    """«Не возвращаем», «не осуществляется»: a rule of the house, not this case."""
    last = next((word for word in reversed(sentence.words) if word.end <= place[1]), None)
    if last is None or not sentence.lows.isdisjoint(_THIS):
        return False  # «по этому заказу»: this very case
    return last.is_a("VERB", "pres") and not last.lemmas & {"мочь", "быть"}


def _next_explains(reading: Reading, refused: dict[int, Refusal], at: int) -> bool:
    """«Услуга не оказывается. Справки МФЦ не выдаёт, так как …»: the same said again with its reason."""
    if at not in refused or at + 1 not in refused:
        return False
    after = refused[at + 1]
    return is_explained(reading, at + 1, (after.start, after.end), refuses=False) and says_why(
        reading.sentences[at + 1]
    )


def _is_bare(sentence: Sentence) -> bool:
    lows = [word.low for word in sentence.words if word.is_word]
    return len(lows) <= _CURT and not _words("curt").isdisjoint(lows)


def _is_denied(sentence: Sentence, place: tuple[int, int]) -> bool:
    """«Показания не приняты» is a refusal in its way."""
    before = [word.low for word in sentence.words if word.end <= place[0]]
    return before[-1:] == ["не"]


def _refusal_place(sentence: Sentence, refusal: Refusal | None) -> tuple[int, int] | None:
    """«Нет на складе» is its own reason; «не продаём, но подскажу, кто продаёт» needs none."""
    if (
        refusal is None
        or refusal.stock
        or any(word.low.startswith("свободн") for word in sentence.words)
        or _only_stands(sentence)
        or lifts_itself(sentence, refusal)
    ):
        return None
    return refusal.start, refusal.end


def _only_stands(sentence: Sentence) -> bool:
    """«Решение окончательное и не пересматривается»."""
    return sentence.has(*_words("final")) and any(
        word.low.startswith(tuple(_words("final_words"))) for word in sentence.words
    )


def cuts(reading: Reading, sentence: Sentence) -> bool:
    """Whether the sentence tells of a deed done to the client, explained or not; an announced one doesn't count."""
    return _deed_place(reading, sentence, wide=False) is not None


def _deed_place(reading: Reading, sentence: Sentence, *, wide: bool = True) -> tuple[int, int] | None:
    """wide: what is only announced, and whatever is taken of the client's, counts as well."""
    if len(sentence.words) > LONGEST or sum(word.is_word for word in sentence.words) < 2:
        return None  # «Отключили.» goes on with what was said before
    if _deeds().keys().isdisjoint(sentence.lemmas):
        return None
    for at, word in enumerate(sentence.words):
        if not word.judged or not word.is_word:
            continue
        deeds = [deed for lemma in word.lemmas for deed in _deeds().get(lemma, ())]
        if any(_touches(reading, sentence, at, deed, wide=wide) for deed in deeds):
            return word.start, word.end
    return None


def _touches(reading: Reading, sentence: Sentence, at: int, deed: Deed, *, wide: bool) -> bool:
    """Whether this verb says that the thing was or will be done to the client."""
    if deed.get("happens") and (not wide or at == 0):
        return False  # «подорожала аренда» tells why, «плата выросла» is nobody's deed
    word = sentence.words[at]
    clause = _clause(sentence, at)
    is_denied = "не" in {one.low for one in sentence.words[max(0, at - 2) : at]}
    said = _is_dated_present(sentence, word) if deed.get("announced") else _is_said_of_a_deed(word)
    announces = wide and not is_denied and _is_told_now(sentence, word)
    said = said or announces or (deed.get("happens", False) and word.is_a("VERB", "futr", "3per"))
    if is_denied != bool(deed.get("denied")) or not (said or (is_denied and word.is_a("futr"))):
        return False
    if deed.get("passive") and not (_is_passive(word) or announces):
        return False
    if _explains_another(sentence, word) or (announces and _has_a_purpose(sentence, word)):
        return False
    if not is_reported(sentence, clause) and _is_background(clause, word):
        return False
    if _is_somebodys(reading, clause, word) or _depends_on_you(sentence, word) or _is_rule(sentence, word):
        return False
    if _grants(reading, sentence):
        return False
    is_of = _is_of(sentence, deed, whatever=wide and _takes_yours(sentence, clause, word))
    return is_of and not _is_asked(reading, deed) and not _is_well(reading, deed)


def _explains_another(sentence: Sentence, deed: Word) -> bool:
    """«Это не наша ошибка: банк отклонил платёж»; «выключен или не работает» is a list of causes."""
    if any(word.low in {"или", "либо"} for word in sentence.words):
        return True
    if any(word.low.startswith(("уведомл", "сообща", "информир", "внимани")) for word in sentence.words[:3]):
        return False
    pairs = {(one.plain, after.low) for one, after in pairwise(sentence.words) if after.end <= deed.start}
    if not _DASHES.isdisjoint(pairs):
        return True  # «второе — это ваш банк заморозил сумму»
    return any((word.text == ":" and word.end <= deed.start) for word in sentence.words)


def _is_said_of_a_deed(word: Word) -> bool:
    """Past, future or a short participle; no infinitive, imperative, present habit or full participle."""
    if _is_passive(word) or word.is_a("ADJS"):
        return True
    return word.is_a("VERB", "past") or _is_announced(word)


def _has_a_purpose(sentence: Sentence, deed: Word) -> bool:
    """«Закрываем на промывку»: what it is done for is said."""
    after = [word for word in sentence.words if word.start >= deed.end]
    return any(
        one.low in {"на", "для"} and word.is_a("NOUN") and any(map(is_made_of_verb, word.lemmas))
        for one, word in pairwise(after)
    )


def _is_passive(word: Word) -> bool:
    """«Отменён»; «удаляем», «снимаем» might be short participles of the present and never are."""
    return word.is_a("PRTS") and not word.is_a("VERB", "pres")


def _is_dated_present(sentence: Sentence, word: Word) -> bool:
    """«С 1 декабря маршрут отменяется», «вылет переносится на 23:40»: a day or an hour is named, so it is no habit."""
    named = any(
        one.low in MONTHS
        or one.low in {"понедельника", "завтра", "сегодня"}
        or (not one.lemmas.isdisjoint(WEEKDAYS) and one.low not in _EVERY_WEEK)
        or (one.token.kind == "number" and ":" in one.text)
        for one in sentence.words
    )
    return named and word.is_a("VERB", "pres", "3per") and _words("habit").isdisjoint(sentence.lows)


def _is_told_now(sentence: Sentence, word: Word) -> bool:
    """«Бронь снимаем», «с июня меняем вам тариф»: a present by which the firm tells its decision, and no habit."""
    ours = word.is_a("VERB", "pres", "1per") or _is_of_nobody(sentence, word)
    if not ours or word.lemmas.isdisjoint(tables("unexplained")["pairs"]):
        return False
    lows = {one.low for one in sentence.words if one.is_word}
    pairs = {(one.low, after.low) for one, after in pairwise(sentence.words)}
    if lows & _words("habit") or {"по", "просьбе"} <= lows or pairs & _QUICKLY:
        return False
    return (
        not word.lemmas.isdisjoint(_words("takes_away"))
        or any(low in _TO_YOU or low.startswith("ваш") for low in lows)
        or _names_a_day(sentence)
        or any(one.token.kind == "number" and ":" not in one.text for one in sentence.words)
    )


def _is_announced(word: Word) -> bool:
    """«Отключим», «отключат»: a future that the firm sets; «врач остановит» and «перенесём на среду» are left alone."""
    if not word.lemmas.isdisjoint(_words("by_request")):
        return False
    return word.is_a("VERB", "futr", "plur", "1per") or word.is_a("VERB", "futr", "plur", "3per")


def _is_background(clause: tuple[Word, ...], deed: Word) -> bool:
    lows = [word.low for word in clause if word.is_word]
    opening = lows[1:2] if lows[:1] and lows[0] in {"и", "а", "но", "в", "на", "из", "по"} else lows[:1]
    if not _words("subordinate").isdisjoint(opening):
        return True
    before = [word.low for word in clause if word.end <= deed.start]
    return bool({"может", "могут", "можем", "могу", "бы", "можно"} & set(before)) or "чтобы" in lows


def _depends_on_you(sentence: Sentence, deed: Word) -> bool:
    """«Выберите день, и мы перенесём запись»: the client decides."""
    if not _is_announced(deed):
        return False
    before = (word for word in sentence.words if word.end <= deed.start and word.is_word)
    return any(word.is_a("impr") or word.is_a("VERB", "2per") or word.low == "если" for word in before)


def _is_rule(sentence: Sentence, deed: Word) -> bool:
    """«При возврате билета удержали бы 10 %», «если не оплатить, доступ закроют»: a rule with its condition."""
    words = [word for word in sentence.words if word.is_word and word.end <= deed.start]
    lows = [word.low for word in words]
    if "если" in lows or {"в", "случае"} <= set(lows):
        return True
    return any(one.low == "при" and not after.low.startswith(("эт", "том")) for one, after in pairwise(words))


def _is_somebodys(reading: Reading, clause: tuple[Word, ...], deed: Word) -> bool:
    """«Вы отменили заказ» is the client's own deed; «карту я заблокировал», «услугу отключила» answers a request."""
    lows = [word.low for word in clause if word.is_word]
    suffers = deed.is_a("PRTS", "plur") and "вы" in lows  # «вы исключены из очереди»
    if not suffers and not _words("yours").isdisjoint(lows):
        return True
    if not deed.is_a("VERB", "past", "sing") or (reading.client is not None and "я" in lows):
        return False
    # «с» alone may be read as a noun
    doers = (
        word
        for word in clause
        if word is not deed and len(word.low) > 2 and word.is_a("NOUN", "nomn", "sing")
    )
    return not any(doer.is_a("NOUN", "nomn", gender) for doer in doers for gender in _genders(deed))


def _genders(deed: Word) -> list[str]:
    return [gender for gender in ("masc", "femn", "neut") if deed.is_a("VERB", "past", gender)]


def _grants(reading: Reading, sentence: Sentence) -> bool:
    """«Можно перезаписаться?» — «Конечно. Отменили среду, поставили пятницу»: it does what was asked."""
    client = reading.client
    if client is None or not any(one.is_question for one in client.sentences):
        return False
    at = reading.sentences.index(sentence)
    near = reading.sentences[max(0, at - 1) : at + 1]
    return any(next(phrases("next-step", "yes").find_in(one), None) for one in near)


def _takes_yours(sentence: Sentence, clause: tuple[Word, ...], word: Word) -> bool:
    """«Рекламу вашу сняли», «сауну с октября закрываем»: whatever it is, it is taken away."""
    pairs = tables("unexplained")["pairs"]
    if not any(one in word.lemmas or pairs[one] in word.lemmas for one in _words("takes_away")):
        return False
    if word.is_a("VERB", "pres", "1per") or _is_of_nobody(sentence, word):
        return _names_a_day(sentence)
    yours = any(one.low in _TO_YOU or (one.low.startswith("ваш") and one.is_a("accs")) for one in clause)
    return yours and word.is_a("VERB", "past", "plur")


def _is_of_nobody(sentence: Sentence, word: Word) -> bool:
    """«Электричку с понедельника отменяют»: they who aren't named, and a day."""
    if not word.is_a("VERB", "pres", "3per", "plur") or not _names_a_day(sentence):
        return False
    return not any(one.is_a("NOUN", "nomn", "plur") and not one.is_a("accs") for one in sentence.words)


def _names_a_day(sentence: Sentence) -> bool:
    """«С октября», «с 1 октября», «в среду»."""
    since = any(
        one.low in {"с", "со"} and (after.low in MONTHS or after.low in _FROM_NOW)
        for one, after in pairwise(sentence.words)
    )
    words = [word for word in sentence.words if word.judged]
    named = any(
        word.low in _DAYS or word.low in MONTHS or not word.lemmas.isdisjoint(WEEKDAYS) for word in words
    )
    return since or (named and tells_when(sentence))  # «в 22:00» alone is every evening


def _is_of(sentence: Sentence, deed: Deed, *, whatever: bool = False) -> bool:
    lows = " ".join(word.low for word in sentence.words)
    if any(f" {one}" in f" {lows}" for one in deed.get("but", ())):
        return False
    if not any(f" {one}" in f" {lows}" for one in deed.get("beside", ("",))):
        return False
    objects = deed.get("objects")
    return objects is None or whatever or any(f" {one}" in f" {lows}" for one in objects)


def _is_asked(reading: Reading, deed: Deed) -> bool:
    """The client asked for this very deed: «отключите подписку», «хочу закрыть счёт», «прошу отмену»."""
    client = reading.client
    if client is None:
        return False
    said = client.words[:_READ]
    verbs, nouns = {*deed["verbs"], *deed.get("asked_verbs", ())}, set(deed.get("asked", ()))
    if any(not word.lemmas.isdisjoint(verbs) and (word.is_a("impr") or word.is_a("INFN")) for word in said):
        return True
    wonders = any(word.low in {"почему", "зачем"} for word in said)
    return not wonders and any(not word.lemmas.isdisjoint(nouns) for word in said)


def _is_well(reading: Reading, deed: Deed) -> bool:
    """«Заявку закрыл: всё работает»: nothing bad was done."""
    if "закрыть" not in deed["verbs"]:
        return False
    return any(word.low.startswith(tuple(_words("done"))) for word in reading.words[:_READ] if word.is_word)


def _clause(sentence: Sentence, at: int) -> tuple[Word, ...]:
    begin, end = 0, len(sentence.words)
    for number, word in enumerate(sentence.words):
        if word.text.strip() in _BORDERS:
            if number < at:
                begin = number + 1
            else:
                end = number
                break
    return sentence.words[begin:end]


@cache
def _deeds() -> dict[str, list[Deed]]:
    found: dict[str, list[Deed]] = {}
    for deed in tables("unexplained")["deed"]:
        for verb in deed["verbs"]:
            for said in (verb, *_announcing().get(verb, ())):
                found.setdefault(said, []).append(deed)
    return found


@cache
def _announcing() -> dict[str, list[str]]:
    """The verbs by which each deed is announced: «снять» → «снимать»."""
    found: dict[str, list[str]] = {}
    for told, deed in tables("unexplained")["pairs"].items():
        if told != deed:
            found.setdefault(deed, []).append(told)
    return found


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(tables("unexplained")["words"][name])
