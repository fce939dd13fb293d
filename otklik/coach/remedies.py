"""Whether a refusal is lifted: an alternative, a way round or a next step on that matter stands near it.

By letters alone, without morphology (the check before sending uses it). Lists: `data/remedies.toml`.
"""

import re
from collections.abc import Iterator
from functools import cache

from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence
from otklik.coach.refusalwords import LONGEST
from otklik.coach.refusing import Refusal

NEAR = 2  # sentences after the refusal where any offer counts
_OTHERS_OF_IT = ("ые", "ие", "ую", "юю", "ый", "ой", "ое")
_GOODBYE = 5  # words of a farewell
_ORDER = 2  # words of an order to behave
_GREETED = 2  # sentences within which the answer stands, a greeting before it
_TURNS = frozenset({"но", "зато", "а", "однако", "только", "если", "когда", "вместо"})
_OPENING = 3  # words with which a sentence names its day
FAR = 6  # … where only one that clearly means another way does
_IMPERATIVE = re.compile(r"(?:[аяеоую]й|ь|[^\W\d_]и)те(?:сь)?\Z")
_FAR_OFFER = re.compile(
    r"\b(?:взамен|зато|вместо (?!\d)|альтернатив|другой вариант|если (?:хотите|захотите|вам удобн|решите)"
    r"|(?<!не )можно (?:подать|обратиться|прийти|приехать|взять|оформить|получить|заказать|записаться|купить|выбрать)"
    r"|(?<!не )(?:можете|сможете|предлага\w+|предложим|предложу))"
)
_OFFER = re.compile(
    r"(?<!\w)(?:вместо (?!\d)|в пути|если (?:хотите|захотите|нуж|надо|удобн|готовы|вам|вы)"
    r"|подождите (?:\w+ ){0,2}(?:в|у|на) |, (?:его|ее|их|это) \w{2,20}(?:ют|ут|ят|ат)(?!\w)"
    r"|\A(?:[\w,]+ ){0,6}(?:отправил[аи]?|вернул[аи]?|перевел[аи]?|начислил[аи]?|зачислил[аи]?|выслал[аи]?) (?:вам|на) "
    r"|(?:сообщ|напиш|позвон|пришл)\w+,? (?:вам,? )?(?:как только|когда|если)"
    r"|(?:это|этим|такое|такие|его|ее|их|ими|им)(?: \w+)? (?:дела[ею]т|реша[ею]т|оказыва[ею]т|занима[ею]тся)"
    r")"
)
_THERE_IS = re.compile(
    r"(?:\A|, |у нас |сейчас |также )(?:[\w«»]+ ){0,5}есть(?:,| (?!след|подозр|призн|долг|задолж|огранич|ошиб|правил))"
)
_BUT = re.compile(
    r", (?:(?:но|однако) (?!не |правил|таков|увы)|(?:она|он|они|оно) (?:на|в|у|есть|лежит|стоит|находится) )"
)
_WE_WILL = re.compile(r", (?:а |мы )?(?:(?!не )\w+ ){0,2}(\w{2,30}[^аяуюе\W](?:ем|им))(?!\w)")
_INSTEAD = re.compile(r"[^,:;]{0,60}, (?:а |но )?(?:мы )?(\w{2,20}[аяуеи]ем|\w{2,20}им)(?= |,|:|\.|\Z)")
_WE_DO = re.compile(r"(?<!\w)мы (?:\w+ )?(\w+[^аяуюе\W](?:ем|им))(?!\w)")
_OTHER = re.compile(
    r"(?<!\w)(?:по телефону|телефон|запись (?:у|по|на|открыт\w+)|пересдача"
    r"|друг(?:ой|ая|ое|ие|ого|ую|им|их|ому?)|остал(?:ись|ось|ся|ась)|свободн\w+) "
)
# what teaches or mocks offers nothing, whatever its verb: «в следующий раз выбирайте», «не нравится — ездите»
_SCOLDS = re.compile(
    r"(?<!\w)(?:внимательн|(?:в )?следующий раз|впредь|на будущее|не нравится|не устраивает|матчаст|бесполезн|надо было"
    r"|нужно было|следовало|незнание|надо вход|давайте без|чему вы удивля|кому-нибудь другому|куда угодно|где угодно"
    r"|хоть в |сами виноват|раньше надо|надо раньше)"
)
_ADVISES = re.compile(r"(?<!\w)(?:совету|рекоменду|предлага|предлож|прос(?:им|ьба)|прошу|надо|нужно)")
_CHANNEL = re.compile(
    r"(?<!\w)(?:посредством|через|по|в|из) (?:чат|мессенджер|телефон|почт|соцсет|комментари|бот)"
)
_OPEN_CHANNEL = re.compile(
    r"(?<!\w)(?:в|через|на) (?:лично\w+ )?(?:кабинет|сайт|приложени|форм|портал|офис|отделени)"
)
_ASKING = re.compile(
    r"\w{2,30}(?:ете|ите)|как|где|когда|сколько|есть|можно|куда|почему|как(?:ой|ая|ие|ое)|ли"
)
_ASKS_BACK = re.compile(
    r"(?<!\w)(?:хотите|желаете|удобн|подойд|подходит|можно|можем|можете|как(?:ой|ую|ое|ие|ая|им|ом)\b|когда|куда"
    r"|пришл|нужн|устро|давайте|оформ|запис|отправ|перенес|предлож|соглас|сколько"
    r"|забронир|привез|замен|поменя|верн|помочь|что вам|на что)"
)
_ALSO = re.compile(
    r"(?:можем|могу|готовы|готова?|предлагаем|предлагаю|рекоменду\w+|совет\w+) (?:вам )?(?:также|еще|заодно)\b"
)
_ONLY = re.compile(r"(?:[,—–:] |\A|возмож\w+ )(?:а )?(?:только|лишь) ")


def is_lifted(reading: Reading, refusal: Refusal, helpful: tuple[Sentence, ...] = ()) -> bool:
    """Whether something near the refusal helps the client on.

    helpful: the sentences of the reply without the words that only scold or sneer (`acts.py`); by default all words.
    """
    at = refusal.sentence
    said = helpful or reading.sentences
    if lifts_itself(said[at], refusal) or _is_granted(reading, at) or _bars_a_channel(reading, at):
        return True
    if at and offers(
        said[at - 1], strict=True, bare=not _stems(reading.sentences[at - 1]) & _stems(reading.sentences[at])
    ):
        return True
    after = _on_the_matter(reading, at, said)
    many = _asks_much(reading)
    if any(offers(one, bare=not _is_about(reading, at, one), opens_a_topic=many) for one in after[:NEAR]):
        return True
    return any(_FAR_OFFER.search(_low(one)) and not _closes(one) for one in after[NEAR:FAR])


def _bars_a_channel(reading: Reading, at: int) -> bool:
    """«Загрузите скан в кабинете. Через чат документы не принимаем»: the way that is open was told before."""
    if not _CHANNEL.search(_low(reading.sentences[at])):
        return False
    return any(
        _OPEN_CHANNEL.search(_low(one)) and any(_IMPERATIVE.search(word.low) for word in one.words)
        for one in reading.sentences[max(0, at - FAR) : at]
    )


def _is_granted(reading: Reading, at: int) -> bool:
    """«Вернём за шесть уроков. За пройденные не можем»: the one thing asked for is granted, and this bounds it."""
    client = reading.client
    asked = [one for one in client.sentences if one.is_question] if client else []
    if client is None or len([part for one in asked for part in _asked_apart(one)]) != 1:
        return False
    verbs = {
        word.low[:4]
        for word in client.words
        if word.low.endswith(("ете", "ите", "ать", "ять", "ить")) and len(word.low) > 5
    }
    for sentence in reading.sentences[: min(at, _GREETED)]:
        said = [word.low for word in sentence.words if word.is_word][:_OPENING]
        if "не" in said or "нет" in said:
            return False
        if said[:1] and (said[0] in _forms("yes") or said[0][:4] in verbs):
            return True
    return False


def _on_the_matter(reading: Reading, at: int, said: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """The sentences after a refusal until one answers another question of the client («Парковка есть»)."""
    after = said[at + 1 : at + 1 + FAR]
    client = reading.client
    if client is None:
        return after
    asked = [stems for one in client.sentences if _asks_too(one) for stems in _asked_apart(one)]
    own = _stems(reading.sentences[at])
    mine = [one for one in asked if one & own]
    if not mine and len(asked) < 2:
        return after
    # named in other words («с собакой» — «с животными»): the first question is taken for the refused one
    others = frozenset().union(*((one for one in asked if not one & own) if mine else asked[1:]))
    cut = next(
        (number for number, one in enumerate(after) if _stems(one) & others and not _stems(one) & own), None
    )
    return after[:cut]


def _asks_too(sentence: Sentence) -> bool:
    """A question, or one without its mark: «и сдвинуть на час»."""
    return sentence.is_question or sentence.words[0].low in {"и", "а", "еще", "также"}


def _asks_much(reading: Reading) -> bool:
    asked = [one for one in reading.client.sentences if one.is_question] if reading.client else []
    return len([part for one in asked for part in _asked_apart(one)]) > 1


def _asked_apart(question: Sentence) -> Iterator[frozenset[str]]:
    """«Привезёте торт к утру и напишете на нём имя?» asks two things."""
    begun = 0
    for at, word in enumerate(question.words):
        rest = [one.low for one in question.words[at + 1 : at + 5]]
        if at and word.low in {"и", "а"} and any(_ASKING.fullmatch(low) for low in rest):
            yield _stems(Sentence(question.words[begun:at]))
            begun = at
    yield _stems(Sentence(question.words[begun:]))


def _matter(reading: Reading, at: int) -> frozenset[str]:
    """Beginnings of the words that name what is refused, in the reply and in the client's letter."""
    return _stems(reading.sentences[at]) | (_stems(reading.client) if reading.client else frozenset())


def _is_about(reading: Reading, at: int, sentence: Sentence) -> bool:
    """It names something of the matter or points at it; not «в буфете принимают карты»."""
    said = [word.low for word in sentence.words if word.is_word][:2]
    if len(said) > 1 and said[0].endswith(_OTHERS_OF_IT) and said[1] in _forms("deeds"):
        return True  # «целые примем до конца месяца»
    comma = next((word.start for word in sentence.words if word.text == ","), sentence.end)
    opening = {
        word.low for word in sentence.words if word.start < comma
    }  # «карту привезём, её доставит курьер»
    return bool(_stems(sentence) & _matter(reading, at) or _forms("pointing") & opening)


def _stems(text: Sentence | Reading) -> frozenset[str]:
    """Beginnings of the longer words of a text."""
    return frozenset(word.low[:5] for word in text.words if word.is_word and len(word.low) > 4)


def lifts_itself(own: Sentence, refusal: Refusal) -> bool:
    """The way out stands in the refusing sentence: «не возим, но подскажу, кто возит»."""
    after = _low(Sentence(tuple(word for word in own.words if word.start >= refusal.end)))
    low = _low(own, refusal)
    is_turned = _ONLY.search(low) or _does_else(after) or _BUT.search(after) or _we_do(after, _WE_WILL)
    return bool(is_turned) or offers(own, besides=refusal)


def offers(
    sentence: Sentence,
    *,
    besides: Refusal | None = None,
    strict: bool = False,
    bare: bool = False,
    opens_a_topic: bool = False,
) -> bool:
    """One sentence offers a step; `besides` leaves the refusing words out, `strict` wants more than a bare word.

    opens_a_topic: the client asks several things, so that «мойка есть» answers another.
    bare: it doesn't name the matter, so that what others do as a habit and promises of another thing don't count.
    """
    if len(sentence.words) > LONGEST or not sentence.is_judged or _closes(sentence):
        return False
    low = _low(sentence, besides)
    if besides is None and (_SCOLDS.search(low) or _ALSO.search(low) or _says_goodbye(sentence)):
        return False
    if _ADVISES.search(low) and any(f" {one}" in low for one in _beginnings("idle_advice")):
        return False
    if _OFFER.search(low) or (_THERE_IS.search(low) and not (bare and opens_a_topic)):
        return True
    apart = besides is None and bare and (strict or _is_dated_apart(sentence))
    if besides is None and not apart and (_we_do(low) or (_OTHER.search(low) and " не " not in low)):
        return True
    if besides is None and not strict and sentence.is_question:
        return _ASKS_BACK.search(low) is not None
    passed_over = _passed_over(sentence, besides, strict=strict) | (
        _forms("habitual") if bare else frozenset()
    )
    return _has_step(sentence, besides, passed_over, apart=apart, strict=strict)


def _says_goodbye(sentence: Sentence) -> bool:
    """«Заходите ещё!»: asked to come, and no day, hour or figure."""
    said = [word.low for word in sentence.words if word.is_word]
    if len(said) == 1 and sentence.words[-1].text.startswith("!"):
        return not said[0].startswith(_beginnings("real_orders"))
    if len(said) == _ORDER and _is_step(said[0]) and said[1].endswith(("о", "ее")):  # «паркуйтесь правильно»
        return not said[0].startswith(_beginnings("real_orders"))
    if _forms("coming").isdisjoint(said):
        return False
    return not (_is_dated(sentence) or len(said) > _GOODBYE)


def _is_dated(sentence: Sentence) -> bool:
    return any(
        word.token.kind == "number" or word.low.startswith(_beginnings("days")) for word in sentence.words
    )


def _is_dated_apart(sentence: Sentence) -> bool:
    """«Карту перевыпустим до пятницы»: a promise about another thing; «завтра примем» is another day for the same."""
    opening = next((word.low for word in sentence.words if word.is_word), "")
    if opening in _TURNS:
        return False
    return _is_dated(sentence) and not _is_dated(Sentence(sentence.words[:_OPENING]))


def _passed_over(sentence: Sentence, besides: Refusal | None, *, strict: bool) -> frozenset[str]:
    """Words that are too weak to help in this sentence."""
    passed_over = _forms("weak") if strict else frozenset()
    if besides is None and not {"вам", "чтобы", "для"} & {word.low for word in sentence.words}:
        passed_over |= _forms("duties")
    return passed_over


def turns(own: Sentence, refusal: Refusal) -> bool:
    """The refusing sentence goes on with what is done instead: «не клеим, паяем», «её делают по записи»."""
    return " только " not in _low(own, refusal) and lifts_itself(own, refusal)


def _does_else(after: str) -> bool:
    """«Бампера не клеим, паяем»."""
    found = _INSTEAD.match(after)
    return found is not None and found[1] not in _forms("habits")


def _we_do(low: str, pattern: re.Pattern[str] = _WE_DO) -> bool:
    """«Весной мы обрежем крону», but not «мы ценим каждого», «чек мы пришлём»."""
    if any(word.startswith(_beginnings("papers")) for word in low.split()):
        return False
    return any(found[1] not in _forms("habits") for found in pattern.finditer(low))


def _has_step(
    sentence: Sentence, besides: Refusal | None, passed_over: frozenset[str], *, apart: bool, strict: bool
) -> bool:
    words = [
        word
        for word in sentence.words
        if not (besides and besides.start <= word.start < besides.end) and word.text.strip()
    ]
    is_paper = any(word.low.startswith(_beginnings("papers")) for word in words)
    for before, word, after in zip([None, *words], words, [*words[1:], None], strict=False):
        if word.low.startswith("ближайш") and after and after.low.startswith(("врем", "дн", "будущ")):
            continue  # «в ближайшее время» is no next day
        if word.token.kind == "place":
            return True
        is_denied = before is not None and before.low in {"не", "нельзя"}
        if is_denied or word.low in passed_over:
            continue
        if _offers_itself(word.low) or (not apart and _helps(word.low, is_paper=is_paper)):
            return True
        if not strict and _is_step(word.low):  # «смотрите запись до воскресенья»
            return True
    return False


def _offers_itself(low: str) -> bool:
    if low == "следующее" or low.startswith("бесплатное"):  # «сообщаем следующее»
        return False
    return low in _forms("offers") or low.startswith(_beginnings("offer_beginnings"))


def _helps(low: str, *, is_paper: bool) -> bool:
    """A deed of ours or of others, a step of the client's, a day when it will be there."""
    if low in _forms("others") or low.startswith(_beginnings("later")):
        return True
    return (low in _forms("deeds") and not is_paper) or _is_step(low)


def _is_step(low: str) -> bool:
    """«Напишите», «обратитесь», «попробуйте», but not «извините», «учтите»."""
    return len(low) > 5 and _IMPERATIVE.search(low) is not None and low not in _forms("empty_imperatives")


def _closes(sentence: Sentence) -> bool:
    return _closing().search(_low(sentence)) is not None


def _low(sentence: Sentence, besides: Refusal | None = None) -> str:
    """The sentence in folded letters without the refusing words and without its own reasons."""
    kept = (
        word.low.strip()
        for word in sentence.words
        if not (besides and besides.start <= word.start < besides.end)
    )
    return " ".join(kept).replace(" ,", ",")


@cache
def _closing() -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{one}" for one in tables("remedies")["closings"]))


@cache
def _forms(name: str) -> frozenset[str]:
    return frozenset(tables("remedies")[name])


@cache
def _beginnings(name: str) -> tuple[str, ...]:
    return tuple(tables("remedies")[name])
