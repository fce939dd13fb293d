"""Refusals by grammar, where no list of `refusing.py` tells: what is denied, whose deed it is, whether he wants it.

Four shapes of a main clause: a thing or deed that isn't and won't be («пионов нет», «пересчёта не будет», «отмена
штрафа невозможна»); a passive to come («изменена не будет»); nobody who would («никто не повезёт»); a thing that
doesn't go where the client wants it («на договор не ляжет»). To lose a burden is a gain: «штрафа не будет» refuses
nothing, «отмены штрафа не будет» does. Word classes: `data/denials.toml`.
"""

from functools import cache

from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence, Word
from otklik.coach.refusalwords import LONGEST, beginnings, clause_round, is_condition, is_subordinate
from otklik.coach.refusing import Refusal
from otklik.coach.verbalnouns import is_made_of_verb
from otklik.russian import morphology

_NEAR = 5  # words on either side of a denial among which its parts stand
_STEM = 5  # letters by which «доставка» and «доставить» are the same
_TERMS = frozenset({"пока", "еще"})  # «пока нет»
_EXPLAINS = frozenset(":—–")
_THERE = frozenset({"там", "тут", "здесь"})
_WONDERS = frozenset({"когда", "почему", "зачем"})  # he knows that it is shut
_WILL = frozenset({"будет", "будут"})
_NOT_THERE = frozenset({"нет", "отсутствует", "отсутствуют"})

Held = tuple[Word, Word]


def refusal(reading: Reading, at: int, sentence: Sentence) -> Refusal | None:
    """The refusing words of the sentence number `at`, as a refusal; None where it doesn't refuse."""
    if len(sentence.words) > LONGEST or sentence.is_question or not sentence.is_judged:
        return None
    if _signs().isdisjoint(sentence.lows):
        return None
    for number, word in enumerate(sentence.words):
        if not word.judged or word.low not in _signs():
            continue
        clause = tuple(one for one in clause_round(sentence, word.start, word.end) if one.is_word)
        if _is_aside(sentence, clause, word) or sentence.words[max(0, number - 1)].low in _TERMS:
            continue
        here = clause.index(word)
        if held := _held(reading, clause, here):
            return Refusal(held[0].start, held[1].end, at, stock=False)
        if held := _closed_off(reading, clause, here) or _flat(reading, sentence, clause, here):
            return Refusal(held[0].start, held[1].end, at, stock=False)
        if held := _unfit(reading, clause, here):
            return Refusal(held[0].start, held[1].end, at, stock=True)  # its own reason
    return None


def _is_aside(sentence: Sentence, clause: tuple[Word, ...], word: Word) -> bool:
    """A condition, a reason, a comfort: the clause doesn't say what the answer is."""
    if not clause or is_subordinate(sentence, clause) or clause[0].low in _THERE:
        return True
    mark = next((one for one in reversed(sentence.words) if one.end <= clause[0].start), None)
    if mark is not None and mark.plain in _EXPLAINS and mark is not sentence.words[0]:
        return True  # «крем сняли с продажи: нет декларации»
    return is_condition(clause, word) or not _list("spares").isdisjoint(one.low for one in clause)


def _held(reading: Reading, clause: tuple[Word, ...], at: int) -> Held | None:
    if clause[at].low == "не":
        return (
            _passive(clause, at)
            or _nobody(clause, at)
            or _absent(reading, clause, at)
            or _kept_back(reading, clause, at)
        )
    return _absent(reading, clause, at)


# ---- what isn't and won't be


def _absent(reading: Reading, clause: tuple[Word, ...], at: int) -> Held | None:
    """«Пионов нет», «замены не будет», «отмена штрафа невозможна», «торг не предполагается»."""
    last = _end_of_absence(clause, at)
    if last is None:
        return None
    things = _missing(clause, at, last)
    if not things and clause[at].low == "не" and at and not clause[at - 1].lemmas.isdisjoint(_list("again")):
        return clause[at - 1], clause[last]  # «экспертиза проведена, повторной не будет»
    if not things or any(word.low in {"меня", "них", "него", "нее"} for word in clause[:at]):
        return None
    ahead = clause[at].low not in _NOT_THERE  # «перерасчёта не будет»; «подтверждения нет» tells a fact
    if not _is_welcome(things) or not ((ahead and any(map(_is_deed, things))) or _is_asked(reading, things)):
        return None
    first = min(at, clause.index(things[0]))
    return clause[first], clause[max(last, first)]


def _end_of_absence(clause: tuple[Word, ...], at: int) -> int | None:
    """The number of the word that ends «нет», «нет и не будет», «не будет», «невозможен»."""
    low = clause[at].low
    if low == "не":
        after = clause[at + 1] if at + 1 < len(clause) else None
        if after is not None and after.is_a("VERB", "past"):
            return None  # «сдачи не было»
        return at + 1 if after is not None and not after.lemmas.isdisjoint(_list("being")) else None
    if low in _NOT_THERE:
        return at + 3 if [one.low for one in clause[at + 1 : at + 4]] == ["и", "не", "будет"] else at
    if low in _list("shut") or (clause[at + 1 : at + 2] and clause[at + 1].low == "из"):
        return None  # «магазин исключён из выдачи»
    return at  # «невозможна», «исключена»


def _missing(clause: tuple[Word, ...], at: int, last: int) -> list[Word]:
    """The nouns that are said not to be: before the denial, else right after it."""
    case = "nomn" if clause[at].low in _list("impossible") or _takes_a_subject(clause, at) else "gent"
    before = [word for word in clause[max(0, at - _NEAR) : at] if _is_noun(word)]
    if any(word.is_a("NOUN", case) for word in before):
        first = next(number for number, word in enumerate(before) if word.is_a("NOUN", case))
        return before[first:]
    after = [word for word in clause[last + 1 : last + 4] if _is_noun(word)]
    return after if after and after[0].is_a("NOUN", case) else []


def _takes_a_subject(clause: tuple[Word, ...], at: int) -> bool:
    """«Торг не предполагается», but «торга не будет»."""
    return clause[at].low.startswith("отсутств") or (
        at + 1 < len(clause) and clause[at + 1].low.endswith("ся")
    )


def _is_noun(word: Word) -> bool:
    return word.is_word and "NOUN" in morphology.parses(word.text)[0].tag


def _is_deed(word: Word) -> bool:
    """A deed that a firm does for people: «замена», «пересчёт», «возврат»."""
    return any(is_made_of_verb(lemma) or lemma in _list("deeds") for lemma in word.lemmas) and (
        word.lemmas.isdisjoint(_list("no_deeds"))
    )


def _is_welcome(things: list[Word]) -> bool:
    """«Пересчёта», «отмены штрафа», but not «штрафа», «начисления пеней»."""
    burdens = sum(not word.lemmas.isdisjoint(_list("burdens")) for word in things)
    takes_off = not things[0].lemmas.isdisjoint(_list("removals"))
    return takes_off or not burdens


def _is_asked(reading: Reading, things: list[Word]) -> bool:
    """The client asks for that very thing."""
    wanted = _wanted(reading)
    return any(_stem(lemma) in wanted for lemma in things[0].lemmas if len(lemma) > 2)


def _wanted(reading: Reading) -> frozenset[str]:
    """Beginnings of what the client's questions, orders and wishes name."""
    client = reading.client
    if client is None:
        return frozenset()
    asking = [
        one
        for one in client.sentences
        if one.is_question
        or any(word.is_a("VERB", "impr") or word.low in _list("wishes") for word in one.words)
    ]
    things = (
        word
        for one in asking
        for before, word in zip((None, *one.words), one.words, strict=False)
        if _is_noun(word) and (before is None or before.low != "без")
    )
    return frozenset(_stem(lemma) for word in things for lemma in word.lemmas)


def _stem(lemma: str) -> str:
    return lemma[:_STEM]


# ---- a passive to come


def _passive(clause: tuple[Word, ...], at: int) -> Held | None:
    """«Изменена не будет», «списан он не будет», «не будет пересмотрено»: nobody will do it."""
    after = clause[at + 1] if at + 1 < len(clause) else None
    if after is None or after.low not in _WILL:
        return None
    near = [*clause[max(0, at - 2) : at], *clause[at + 2 : at + 5]]
    given = next((word for word in near if word.is_a("PRTS")), None)
    if given is None or not _is_wanted_deed(given, clause):
        return None
    return (given, after) if given.start < clause[at].start else (clause[at], given)


def _is_wanted_deed(verb: Word, clause: tuple[Word, ...]) -> bool:
    """Whether the deed would do the client good: to take off a burden, or to do what takes nothing from him."""
    burden = any(not word.lemmas.isdisjoint(_list("burdens")) for word in clause)
    if not verb.lemmas.isdisjoint(_list("taking_off")):
        if not verb.lemmas.isdisjoint(_list("forgiving")):
            burden = any(not word.lemmas.isdisjoint(_list("debts")) for word in clause)
        return burden or not any(map(_is_noun, clause))  # «списан он не будет»
    return not burden and verb.lemmas.isdisjoint(_list("harming"))


# ---- nobody who would


def _nobody(clause: tuple[Word, ...], at: int) -> Held | None:
    """«К шести утра никто не повезёт», «возмещать никто не станет»: nobody serves."""
    verb = clause[at + 1] if at + 1 < len(clause) else None
    if (
        not at
        or clause[at - 1].low != "никто"
        or verb is None
        or not verb.is_a("VERB", "futr", "sing", "3per")
    ):
        return None
    deed = verb
    if not verb.lemmas.isdisjoint(("стать", "быть")):
        found = next((word for word in clause if word.is_a("INFN")), None)
        if found is None:
            return None
        deed = found
    if not _is_wanted_deed(deed, clause) or not deed.lemmas.isdisjoint(_list("sensing")):
        return None
    ends = sorted((clause[at - 1], verb, deed), key=lambda word: word.start)
    return ends[0], ends[-1]


# ---- what we keep back


def _kept_back(reading: Reading, clause: tuple[Word, ...], at: int) -> Held | None:
    """«Номера водителей не сообщаем» to one who asks for a number: whatever the verb, he doesn't get it."""
    verb = clause[at + 1] if at + 1 < len(clause) else None
    if verb is None or not verb.is_a("VERB", "1per") or verb.is_a("past"):
        return None
    deed = next((word for word in clause if word.is_a("INFN")), None)
    will = deed is not None and not verb.lemmas.isdisjoint(("быть", "стать"))  # «удалять отзывы не станем»
    idle = (*_list("harming"), *_list("knowing"))
    if not (will or verb.lemmas.isdisjoint(idle)) or any(
        not one.lemmas.isdisjoint(_list("burdens")) for one in clause
    ):
        return None
    things = [word for word in clause if _is_noun(word) and (word.is_a("accs") or word.is_a("gent"))]
    wanted = _wanted(reading)
    asked = any(_stem(lemma) in wanted for word in things for lemma in word.lemmas)
    return (clause[at], verb) if asked else None


# ---- a door shut before one who asks


def _closed_off(reading: Reading, clause: tuple[Word, ...], at: int) -> Held | None:
    """«Редактирование закрыто» to one who asks for it: what he wants to do is shut, and nobody says why."""
    if clause[at].low not in _list("shut"):
        return None
    things = [word for word in clause[:at] if word.is_a("NOUN", "nomn")]
    deeds = [word for word in things if any(map(is_made_of_verb, word.lemmas))]
    wonders = reading.client is not None and any(word.low in _WONDERS for word in reading.client.words)
    return (things[0], clause[at]) if deeds and not wonders and _is_asked(reading, deeds) else None


def _flat(reading: Reading, sentence: Sentence, clause: tuple[Word, ...], at: int) -> Held | None:
    """«Громкость не регулируется» to one who asks for a deed: a thing and a denied «-ся», nothing else."""
    verb = clause[at + 1] if clause[at].low == "не" and at + 1 < len(clause) else None
    if verb is None or not verb.low.endswith("ся") or not verb.is_a("VERB", "pres", "3per"):
        return None
    words = [word for word in sentence.words if word.is_word]
    if len(words) > _NEAR or verb.low.startswith(beginnings("happens")) or not _demands(reading):
        return None
    return clause[at], verb


def _demands(reading: Reading) -> bool:
    """The client asks for a deed in the imperative, and tells of no trouble."""
    client = reading.client
    return client is not None and any(
        word.is_a("VERB", "impr", "plur") and not word.is_a("NOUN") for word in client.words
    )


# ---- what doesn't go


def _unfit(reading: Reading, clause: tuple[Word, ...], at: int) -> Held | None:
    """«Второй номер на этот договор не ляжет»: the thing that the client asked for doesn't go there."""
    verb = clause[at + 1] if clause[at].low == "не" and at + 1 < len(clause) else None
    if verb is None or verb.lemmas.isdisjoint(_list("fitting")) or not verb.is_a("VERB", "3per"):
        return None
    wanted = _wanted(reading)
    subject = [word for word in clause[:at] if word.is_a("NOUN", "nomn")]
    asked = any(_stem(lemma) in wanted for word in subject for lemma in word.lemmas)
    return (clause[at], verb) if asked else None


# ---- lists


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(tables("denials")[name])


@cache
def _signs() -> frozenset[str]:
    return frozenset({"не"}) | _NOT_THERE | _list("impossible") | _list("shut")
