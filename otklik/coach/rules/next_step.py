"""The reply ends the turn and says neither what we do next nor what the client can do (contract: `next-step`)."""

from collections.abc import Iterator

from otklik.coach import granting, stepping, wanting, waying
from otklik.coach.acts import helpful, is_lifted, refused, scolded
from otklik.coach.phrases import phrases, tables
from otklik.coach.reading import WHOLE, Reading, Sentence, Word, finding
from otklik.coach.refusing import Refusal
from otklik.coach.remedies import turns
from otklik.coach.reply import Finding
from otklik.coach.rules import off_question, unexplained

CODE = "next-step"
REASON = "Клиент дочитает и не узнает, что дальше: скажите, что сделаете вы или что может сделать он."
_NOBODY = frozenset({"никто", "никому", "никого", "никуда", "нигде", "никак", "ничем", "ничего", "больше"})
_BECAUSE = frozenset({"потому", "так", "поскольку", "ведь", "из-за"})
_TURNS = frozenset({"только", "лишь", "зато", "но"})
_LONG = 3  # letters of a word that names a matter: more than these
_LACK = 6  # words before «нет» among which the missing thing stands
_CONDITION = 15  # words after a verb among which its «если» stands
_PASSIVES = 2  # from so many on a reply without «мы» is an office's
_OPENING = 2  # sentences of a reply in which its «да» stands, past the greeting
_BARE = 25  # a reply of more words than this says more than «accepted»


def find(reading: Reading) -> Iterator[Finding]:
    """One finding about the whole: no step anywhere, and a closed door or a wish left aside. What informs owes none."""
    if reading.judged_sentences and not _has_step(reading) and _is_closed(reading):
        yield finding(CODE, WHOLE, REASON)


def _has_step(reading: Reading) -> bool:
    """A step in what may help: the refusing words are none, and after a refusal a way must be one on that matter."""
    refusals = {one.sentence: one for one in refused(reading)}
    said = [
        one
        if at not in refusals or turns(reading.sentences[at], refusals[at])
        else _besides(one, refusals[at])
        for at, one in enumerate(helpful(reading))
    ]
    named = [word for at in refusals for word in reading.sentences[at].words]
    if reading.client and (refusals or _speaks_of_other_things(reading)):
        named += reading.client.words
    matter = frozenset(word.low[: stepping.STEM] for word in named if len(word.low) > _LONG)
    return stepping.has_step(reading, said, matter)


def _speaks_of_other_things(reading: Reading) -> bool:
    """It leaves a question aside, or hours and places answer a bare «почему»: «завтрак с 8» is no step then."""
    client = reading.client
    if client is None:
        return False
    return wanting.wants(client) == {"reason"} or off_question.leaves_aside(reading)


def _evades(reading: Reading, said: list[Sentence]) -> bool:
    """A wish or a «почему» is left aside, or a rule is recited instead of an answer; bare information owes no step."""
    if reading.client is None:
        return False
    if not off_question.leaves_aside(reading):
        return False
    wished = wanting.wants(reading.client) - {"time"}
    return bool(wished) or any(next(phrases("next-step", "recital").find_in(one), None) for one in said)


def _besides(sentence: Sentence, refusal: Refusal) -> Sentence:
    """What stands before the clause that refuses: «возвращён не будет» does nothing, nor does its reason."""
    if any(word.low in _TURNS for word in sentence.words):
        return sentence
    if not stepping.moves_on(sentence):
        return Sentence(sentence.words[-1:])
    before = [word for word in sentence.words if word.text in {",", ";", ":"} and word.end <= refusal.start]
    words = tuple(word for word in sentence.words if before and word.start < before[-1].start)
    return Sentence(words or sentence.words[-1:])


def _is_closed(reading: Reading) -> bool:
    """A refusal, a cut, a denial, a bare «accepted», or a complaint: the client needs to know what now."""
    if reading.reply.complaint:
        return True
    said = [sentence for sentence in reading.judged_sentences if not sentence.is_question]
    if _does_what_was_asked(reading, said):
        return False
    if _evades(reading, said):
        return True
    if _says_yes(reading, said):
        return any(_cuts_off(sentence) for sentence in said)
    if _refuses_or_shuts(reading, said) or _leaves_unanswered(reading, said):
        return True
    if any(unexplained.cuts(reading, one) and not _was_asked(one) for one in said) or scolded(reading):
        return True
    bare = sum(word.is_word and word.judged for word in reading.words) <= _BARE
    says_when = any(not word.lemmas.isdisjoint(tables("next-step")["when"]) for word in reading.words)
    return bare and not says_when and any(map(_only_says_accepted, said))


def _refuses_or_shuts(reading: Reading, said: list[Sentence]) -> bool:
    """A refusal that nothing lifts, words that shut, or «ошибок нет» to one who tells of trouble."""
    refusals = refused(reading)
    if any(not is_lifted(reading, one) for one in refusals):
        return True
    turned = {one.sentence for one in refusals if turns(reading.sentences[one.sentence], one)}
    starts = [reading.sentences[at].start for at in turned]
    if any(_shuts(one) for one in said if one.start not in starts):
        return True
    if reading.client is not None and not wanting.wants(reading.client) - {"time", "leave"}:
        return False
    return any(next(phrases("next-step", "dismissed").find_in(one), None) for one in said)


def _does_what_was_asked(reading: Reading, said: list[Sentence]) -> bool:
    """«Закройте вклад» — «закрыла, деньги на карте»: nothing is left to do."""
    if reading.client is None:
        return False
    demanded = wanting.demands(reading.client)
    return any(granting.does(one, demanded) for one in said[:_OPENING])


def _says_yes(reading: Reading, said: list[Sentence]) -> bool:
    """«Да, литр воды за час», «можно, билет стоит 450»: an answer that grants leave owes no step."""
    client = reading.client
    if client is None or not any(sentence.is_question for sentence in client.sentences):
        return False
    return any(next(phrases("next-step", "yes").find_in(sentence), None) for sentence in said[:_OPENING])


def _cuts_off(sentence: Sentence) -> bool:
    words = [word for word in sentence.words if word.judged and word.is_word]
    return any(_cuts(words, at) for at in range(len(words)))


def _leaves_unanswered(reading: Reading, said: list[Sentence]) -> bool:
    """The client wants a deed, a time or a reason, and the reply grants none of them nor tells a time.

    An explanation answers «почему» in full when people speak, and not when it only recites a rule.
    """
    if reading.client is None or next(phrases("next-step", "sincere").find(reading), None):
        return False  # whoever says «простите» seldom stops there: the words for what he did are many
    wanted, demanded = wanting.wants(reading.client), wanting.demands(reading.client)
    if not wanted or any(granting.grants(one, demanded) for one in said):
        return False
    if not wanted.isdisjoint(("deed", "way")):
        return True
    if "time" in wanted and not any(waying.tells_when(one) or _says_how_long(one) for one in said):
        return True
    if "leave" in wanted and any(map(_says_no, said)):
        return True
    if "reason" not in wanted:
        return False
    recites = any(next(phrases("next-step", "recital").find_in(one), None) or _denies(one) for one in said)
    return recites or _speaks_as_an_office(reading)


def _says_how_long(sentence: Sentence) -> bool:
    """«Минуту: бюро отвечает сразу»."""
    words = [word for word in sentence.words if word.judged]
    units = tables("next-step")["when"]
    wishes = any(word.low.startswith(("добр", "хорош", "прекрасн", "удачн")) for word in words)
    return not (wishes or waying.is_past(words)) and any(not word.lemmas.isdisjoint(units) for word in words)


def _says_no(sentence: Sentence) -> bool:
    """«Контрабас в салон не помещается» as the answer to «можно ли?»; a condition is none."""
    words = [word for word in sentence.words if word.judged]
    burdens = tables("next-step")["burdens"]
    if any(word.low in ("если", "можно") or not word.lemmas.isdisjoint(burdens) for word in words):
        return False
    verbs = (words[at + 1] for at, word in enumerate(words[:-1]) if word.low == "не")
    return any(
        verb.is_a("VERB", "3per") and verb.lemmas.isdisjoint(tables("next-step")["needless"])
        for verb in verbs
    )


def _speaks_as_an_office(reading: Reading) -> bool:
    """Passive upon passive, and neither «мы» nor «я» does anything."""
    words = [word for word in reading.words if word.judged and word.is_word]
    if any(map(_speaks_of_us, words)):
        return False
    return sum(_is_passive(word) for word in words) >= _PASSIVES


def _is_passive(word: Word) -> bool:
    return word.is_a("PRTS") or (word.low.endswith("ся") and word.is_a("VERB", "pres", "3per"))


def _speaks_of_us(word: Word) -> bool:
    """«Мы удержали», «проверяю»; «сообщаем», «ценим» are words of an office."""
    if word.low in ("мы", "я"):
        return True
    return word.is_a("VERB", "1per") and word.lemmas.isdisjoint(tables("next-step")["office"])


def _denies(sentence: Sentence) -> bool:
    words = [word for word in sentence.words if word.judged]
    return any(word.low == "не" and words[at + 1].is_a("PRTS") for at, word in enumerate(words[:-1]))


def _only_says_accepted(sentence: Sentence) -> bool:
    """«Обращение рассмотрено»; «спасибо за отзыв, передал его» is thanks."""
    for match in phrases("next-step", "status").find_in(sentence):
        before = [word.low for word in sentence.words if word.end <= match.words[0].start]
        if "за" not in before[-2:]:
            return True
    return False


def _shuts(sentence: Sentence) -> bool:
    if _was_asked(sentence):
        return False
    if next(phrases("next-step", "closed").find_in(sentence), None):
        return True
    words = [word for word in sentence.words if word.judged and word.is_word]
    return _lacks(words) or any(_cuts(words, at) or _refuses(words, at) for at in range(len(words)))


def _was_asked(sentence: Sentence) -> bool:
    """«Отменён по вашей просьбе»."""
    return next(phrases("next-step", "asked").find_in(sentence), None) is not None


def _lacks(words: list[Word]) -> bool:
    """«Свободных окон у хирурга нет»: the sentence ends with «нет», and what there isn't would have been welcome."""
    for at, word in enumerate(words):
        if word.low != "нет" or (at + 1 < len(words) and words[at + 1].low not in _BECAUSE):
            continue
        missing = [one for one in words[max(0, at - _LACK) : at] if one.is_a("NOUN", "gent")]
        welcome = tables("next-step")["welcome_lack"]
        if missing and all(one.lemmas.isdisjoint(welcome) for one in missing):
            return True
    return False


def _cuts(words: list[Word], at: int) -> bool:
    """«Заказ отменён», «отказали», «обращение закрыто»."""
    known = tables("next-step")
    word = words[at]
    if word.lemmas.isdisjoint((*known["cutting"], *known["closing"])) or (at and words[at - 1].low == "не"):
        return False
    if not word.is_a("PRTS") and not word.is_a("VERB", "past"):
        return False
    near = words[max(0, at - 5) : at + 4]
    if word.lemmas.isdisjoint(("отказать", "отклонить")) and any(
        not one.lemmas.isdisjoint(known["burdens"]) for one in near
    ):
        return False
    return not word.lemmas.isdisjoint(known["cutting"]) or any(
        not one.lemmas.isdisjoint(known["things"]) for one in near
    )


def _refuses(words: list[Word], at: int) -> bool:
    """«Не возим», «не вернём», «не предоставляется»; «комиссию не берём» only tells."""
    known = tables("next-step")
    if words[at].low != "не" or at + 1 == len(words):
        return False
    word = words[at + 1]
    if word.low in ("был", "была", "было", "были") and at + 2 < len(words):
        word = words[at + 2]
    ours = word.is_a("VERB", "1per")
    if not ours and any(one.low == "если" for one in words[at + 2 : at + 2 + _CONDITION]):
        return False  # «порог не действует, если …» names a condition
    if not ours and any(not one.lemmas.isdisjoint(known["burdens"]) for one in words[max(0, at - 3) : at]):
        return False  # «плата больше не начисляется»
    if not word.lemmas.isdisjoint(known["denied"]):
        return True
    calms = at and words[at - 1].low in _NOBODY  # «никому не продадим»
    return ours and not calms and word.lemmas.isdisjoint(known["calming"])
