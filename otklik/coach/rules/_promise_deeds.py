"""Which verbs of a clause commit our side, and who it is that commits."""

from collections.abc import Iterator
from dataclasses import dataclass

from otklik.coach.phrases import phrases
from otklik.coach.reading import Reading, Word
from otklik.coach.rules._promise_clauses import Clause
from otklik.coach.rules._promise_offers import is_offer, means_a_thing
from otklik.coach.rules._promise_words import Deed, deed, is_doer, is_living, is_name, listed, subject
from otklik.russian import morphology

_CLIENT = frozenset({"вам", "вас", "вами", "ваш", "ваша", "ваше", "ваши", "вашу", "вашего"})
_PRONOUNS = {"он": "masc", "она": "femn", "они": "plur"}
_AWAY = frozenset({"отпуск", "командировка", "больничный", "отъезд", "выходной"})
_NOT_OURS = frozenset(
    ["бухгалтер", "юрист", "программист", "сотрудник", "коллега", "руководитель", "директор", "администратор"]
)
_LATER = frozenset({"попозже", "позже"})
_BACK = 2  # sentences in which the one behind «он» is looked for


@dataclass(frozen=True, slots=True)
class Deeded:
    """One deed that somebody of ours commits to: the verb's number among the clause's words, the doer."""

    at: int
    lemma: str
    who: str | None
    doer: Word | None = None
    passive: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A clause in its reply."""

    reading: Reading
    number: int  # of the sentence
    parts: list[Clause]
    at: int  # of the clause

    @property
    def clause(self) -> Clause:
        return self.parts[self.at]

    @property
    def is_dated(self) -> bool:
        return any(term.role not in {"vague", "of", "event", "onto"} for term in self.clause.terms)


def commitments(place: Place) -> list[Deeded]:
    """The deeds of a clause that our side commits to, in order."""
    clause = place.clause
    if _is_hedged(place) or _is_told_before(place):
        return []
    found: list[Deeded] = []
    for at, verb in clause.deeds:
        if at and clause.words[at - 1].low in {"не", "ни"}:
            made = _mine(at, verb) if _keeps(place, verb) else None
        else:
            made = _made(place, at, verb, found)
        if made:
            found.append(made)
    return found


def _keeps(place: Place, verb: Deed) -> bool:
    """«До завтра никому не отдам», «не снимем бронь до вечера»: the thing waits for the client."""
    if verb.tense != "future" or verb.person != 1 or verb.lemma not in listed("keeping"):
        return False
    clause = place.clause
    whose = any(word.low in listed("others") for word in clause.words)
    return place.is_dated and (
        whose or (verb.lemma not in {"отдать", "занять"} and clause.has(*listed("kept")))
    )


def _made(place: Place, at: int, verb: Deed, before: list[Deeded]) -> Deeded | None:
    if verb.tense == "will":
        return _will(place, at, verb)
    if verb.lemma in listed("pledges") and verb.person == 1:
        given = any(one.tense == "infinitive" for _, one in place.clause.deeds)
        return _mine(at, verb) if given else None
    if verb.tense == "future" or (verb.tense == "both" and verb.lemma in listed("both")):
        return _first(place, at, verb) if verb.person == 1 else _other(place, at, verb, before)
    return _present(place, at, verb) if verb.tense in {"present", "both"} else None


def _mine(at: int, verb: Deed) -> Deeded:
    return Deeded(at, verb.lemma, "мы" if verb.plural else "я")


def _first(place: Place, at: int, verb: Deed) -> Deeded | None:
    """«Исправлю», «пришлём»."""
    clause, lemma = place.clause, verb.lemma
    if lemma in listed("never") or not _is_timely(place, lemma) or _is_rhetoric(place, verb):
        return None
    if clause.has(*listed("telling_things")) or is_offer(place.parts, place.at, lemma, place.is_dated):
        return None
    if lemma in listed("saying") and _tells_at_once(place, at):
        return None
    if lemma == "попросить" and not clause.has(*listed("people"), *listed("groups")):
        return None
    return _mine(at, verb)


def _is_timely(place: Place, lemma: str) -> bool:
    """Whether a deed that promises only with a time has one."""
    if lemma in listed("telling"):
        return place.is_dated or any(word.low in _LATER for word in place.clause.words)
    if lemma in listed("timed"):
        near = place.parts[max(0, place.at - 1) : place.at + 2]
        return any(one.terms for one in near if one is place.clause or not one.has_verb)
    return True


def _is_rhetoric(place: Place, verb: Deed) -> bool:
    """«Сравним: …», «Возьмём, к примеру, …»."""
    if not verb.plural or verb.lemma not in listed("rhetoric") or place.is_dated:
        return False
    following = place.parts[place.at + 1] if place.at + 1 < len(place.parts) else None
    return bool(
        following
        and (following.mark == ":" or {word.low for word in following.words} & {"примеру", "например"})
    )


def _tells_at_once(place: Place, at: int) -> bool:
    """«Уточню: …», «Добавлю, что …»."""
    following = place.parts[place.at + 1] if place.at + 1 < len(place.parts) else None
    last = at == len(place.clause.words) - 1
    return bool(following and last and (following.mark == ":" or following.first == "что"))


def _other(place: Place, at: int, verb: Deed, before: list[Deeded]) -> Deeded | None:
    """«Мастер приедет», «она включит», «вам перезвонят»."""
    if verb.person != 3 or verb.lemma in listed("never_other") or _is_a_judgement(place, verb):
        return None
    if place.clause.has(*_AWAY):  # «доктор вернётся из отпуска»
        return None
    if before and before[-1].who not in {"мы", "я"} and not before[-1].passive:  # «придёт и спустит воздух»
        return Deeded(at, verb.lemma, before[-1].who, before[-1].doer)
    doer = _doer(place, at, verb)
    if doer:
        given = _is_timely(place, verb.lemma) and (place.is_dated or not _is_custom(place, verb, doer[1]))
        return Deeded(at, verb.lemma, *doer) if given else None
    return Deeded(at, verb.lemma, None) if verb.plural and _is_somebody(place, verb) else None


def _is_a_judgement(place: Place, verb: Deed) -> bool:
    """«Врач решит, нужна ли операция»."""
    following = place.parts[place.at + 1 : place.at + 2]
    return verb.lemma in {"решить", "определить"} and any(one.is_ruled for one in following)


def _is_custom(place: Place, verb: Deed, doer: Word | None) -> bool:
    """Without a time: «на приёме врач выпишет рецепт» is how things are, so is what a group does by its nature."""
    sentence = place.reading.sentences[place.number]
    if any(True for _ in phrases("promise", "here").find_in(sentence)):
        return True
    group = doer is not None and doer.lemmas.isdisjoint(listed("people")) and not is_name(doer.text)
    return group and verb.lemma not in listed("serving") | listed("acting")


def _is_somebody(place: Place, verb: Deed) -> bool:
    """«Вам перезвонят»: nobody is named, the client is, or a time is."""
    clause = place.clause
    if verb.lemma not in listed("serving") or verb.lemma == "открыть" or _has_subject(clause, verb):
        return False
    to_client = any(word.low in _CLIENT for word in clause.words)
    sentence = place.reading.sentences[place.number]
    if not to_client and any(True for _ in phrases("promise", "here").find_in(sentence)):
        return False
    return (to_client and verb.lemma in listed("contacting")) or place.is_dated


def _has_subject(clause: Clause, verb: Deed) -> bool:
    spans = [(term.start, term.end) for term in clause.terms]
    for number, word in enumerate(clause.words):
        if any(start <= word.start < end for start, end in spans) or not word.is_word:
            continue
        if not clause.stands_alone(number):
            continue
        if word.low in {"они", "он", "она", "оно", "вы", "которые", "все", "это"}:
            return True
        kind = subject(word.text)
        if kind and kind[verb.plural] and (not verb.transitive or is_living(word.text)):
            return True
    return False


def _doer(place: Place, at: int, verb: Deed) -> tuple[str, Word | None] | None:
    """Who does it: named in the clause, behind a pronoun, or the subject of a clause before."""
    clause = place.clause
    if named := _named(clause, at, verb):
        return named
    pronoun = next((word.low for word in clause.words if word.low in _PRONOUNS), "")
    if pronoun:
        alone = any(word.low in {"автоматически", "само"} for word in clause.words)
        fits = _is_a_deed(verb) and (pronoun == "они") == verb.plural and not alone
        thing = verb.lemma not in listed("serving") and means_a_thing(
            place.parts, place.at, _PRONOUNS[pronoun]
        )
        return _behind(place, pronoun) if fits and not thing else None
    if _has_subject(clause, verb):
        return None
    for earlier in reversed(place.parts[: place.at]):
        named = None if earlier.is_ruled else _named(earlier, 0, verb)
        if named and (earlier.has_verb or not is_name(named[1].text)):
            return named
        if earlier.has_verb and any(word.low in _PRONOUNS for word in earlier.words):
            return _doer(Place(place.reading, place.number, place.parts, place.parts.index(earlier)), 0, verb)
    opens = place.at == 0 and clause.first == clause.words[at].low
    return _behind(place, "") if opens and place.is_dated and _is_a_deed(verb) and not verb.plural else None


def _is_a_deed(verb: Deed) -> bool:
    return verb.lemma in listed("serving") | listed("acting") or verb.transitive


def _named(clause: Clause, at: int, verb: Deed) -> tuple[str, Word] | None:
    fits = [
        (abs(number - at), number, word)
        for number, word in enumerate(clause.words)
        if is_doer(word, verb.lemma)
        and _agrees(clause, word, verb)
        and clause.stands_alone(number)
        and not _is_clients(clause, number)
    ]
    if not fits:
        return None
    trades = [fit for fit in fits if not fit[2].lemmas.isdisjoint(listed("people"))]
    trades = trades or [fit for fit in fits if not is_name(fit[2].text)]
    _, number, word = min(trades or fits)
    return _called(clause, number, word), word


def _agrees(clause: Clause, word: Word, verb: Deed) -> bool:
    kind = subject(word.text)
    if not kind:
        return False
    if verb.plural and not kind[1]:  # «мастер и инженер приедут»
        return any(other.low == "и" for other in clause.words)
    return kind[1] if verb.plural else kind[0]


def _is_clients(clause: Clause, number: int) -> bool:
    before = clause.words[number - 1].low if number else ""
    return before in {"ваш", "ваша", "ваши"} and not clause.words[number].lemmas.isdisjoint(_NOT_OURS)


def _called(clause: Clause, number: int, word: Word) -> str:
    """«слесарь», «Дмитрий», «Инна Сергеевна»."""
    if not is_name(word.text) or not word.lemmas.isdisjoint(listed("people")):
        return word.text.lower()
    before = clause.words[number - 1] if number else None
    if before and is_name(before.text) and before.lemmas.isdisjoint(listed("people")):
        return f"{before.text} {word.text}"
    following = clause.words[number + 1] if number + 1 < len(clause.words) else None
    return f"{word.text} {following.text}" if following and is_name(following.text) else word.text


def _behind(place: Place, pronoun: str) -> tuple[str, Word | None] | None:
    """The one whom «он», «она», «они» means: named in this sentence or the two before, in any case."""
    wanted = _PRONOUNS.get(pronoun, "sing")
    limit = place.clause.words[0].at
    sentences = place.reading.sentences[max(0, place.number - _BACK) : place.number + 1]
    words = [word for sentence in sentences for word in sentence.words if word.at < limit]
    genders = (wanted, "masc") if pronoun == "она" else (wanted,)  # «диспетчер … она»
    for kinds in (listed("people"), listed("groups") | listed("vehicles")):  # «курьер выехал со склада … он»
        for gender in genders:
            for word in reversed(words):
                if name := _of_gender(word, gender, kinds):
                    return name, None
    return None


def _of_gender(word: Word, wanted: str, kinds: frozenset[str]) -> str | None:
    if not word.judged or not word.is_word:
        return None
    trade = not word.lemmas.isdisjoint(kinds)
    if not trade and not (word.text[0].isupper() and word.is_a("Name")):
        return None
    for parse in morphology.parses(word.text):
        tag = str(parse.tag)
        fits = wanted in tag and ("sing" in tag or wanted == "plur")
        if parse.tag.POS == "NOUN" and (trade or "Name" in tag) and (fits or "ms-f" in tag):
            whole = (
                parse.normal_form if wanted != "plur" else (morphology.inflect(parse, "nomn") or parse.word)
            )
            return whole if trade else whole.capitalize()
    return None


def _will(place: Place, at: int, verb: Deed) -> Deeded | None:
    """«Будем следить», «будет доставлен», «мастер будет у вас в 15:00»."""
    clause = place.clause
    others = [(number, one) for number, one in clause.deeds if number != at]
    done = next(((number, one) for number, one in others if one.tense == "done"), None)
    if done:
        return _passive(clause, *done) if verb.person != 1 else None
    following = next((pair for pair in others if pair[1].tense == "infinitive" and pair[0] > at), None)
    waits = verb.person == 3 and following and following[1].lemma == "ждать" and place.is_dated
    never = listed("never_will") - {"ждать"} if waits else listed("never_will")
    if any(word.lemmas & never or word.is_a("ADJS") for word in clause.words if word.is_word):
        return None
    if following and following[1].lemma in listed("slow_passive"):
        return Deeded(following[0], following[1].lemma, None, passive=True) if place.is_dated else None
    if not following and (not place.is_dated or clause.has(*_AWAY)):
        return None
    if verb.person == 1:
        return _mine(at, verb)
    doer = _doer(place, at, verb) if verb.person == 3 else None
    if not doer or (not following and doer[1] and not _comes(doer[1])):
        return None
    return Deeded(at, verb.lemma, *doer)


def _comes(word: Word) -> bool:
    return not word.lemmas.isdisjoint(
        listed("people") | listed("vehicles") | {"бригада", "эвакуатор", "экипаж", "такси"}
    )


def _passive(clause: Clause, at: int, verb: Deed) -> Deeded | None:
    """«Ущерб будет возмещён»; with «нами» or «мастером» the doer is named."""
    will = next(number for number, one in clause.deeds if one.tense == "will")
    if verb.lemma in listed("never_passive") or any(
        clause.words[max(0, one - 1)].low == "не" for one in (at, will)
    ):
        return None
    if verb.lemma == "открыть" and clause.has(*listed("places")):
        return None
    if any(word.low == "нами" for word in clause.words):
        return Deeded(at, verb.lemma, "мы", passive=True)
    return Deeded(at, verb.lemma, next(_instrumental(clause), None), passive=True)


def _instrumental(clause: Clause) -> Iterator[str]:
    for word in clause.words:
        if word.is_word and not word.lemmas.isdisjoint(listed("people") | listed("groups")):
            parse = morphology.first(word.text, "NOUN", "ablt")
            if parse:
                yield parse.normal_form


def _present(place: Place, at: int, verb: Deed) -> Deeded | None:
    """«Завтра выезжаем»: a present that a stated day makes future; what is done every day is a rule."""
    clause = place.clause
    days = [term for term in clause.terms if term.due and term.role in {"at", "by", "window", "in"}]
    if verb.lemma not in listed("present") or not any(term.names_day or term.role == "in" for term in days):
        return None
    if any(word.low in listed("habits") for word in clause.words):
        return None
    if verb.person == 1:
        return _mine(at, verb)
    doer = _named(clause, at, verb) if verb.person == 3 else None
    return Deeded(at, verb.lemma, *doer) if doer and _comes(doer[1]) else None


def _is_hedged(place: Place) -> bool:
    """«Возможно, приедем раньше»."""
    before = place.parts[place.at - 1] if place.at else place.clause
    near = [place.clause] if before.has_verb else [place.clause, before]
    return any(word.low in listed("hedges") for clause in near for word in clause.words)


def _is_told_before(place: Place) -> bool:
    """«Мы обещали, что приедем»: told of, not given now."""
    if place.at == 0 or place.clause.first != "что":
        return False
    before = place.parts[place.at - 1]
    return any(
        verb.tense == "past" and verb.lemma in {"обещать", "надеяться"} for _, verb in before.deeds
    ) or any(word.low in {"надеюсь", "надеемся"} for word in before.words)


def is_verb(word: Word) -> bool:
    """Whether a word may commit anybody: the quick look before a sentence is taken apart."""
    verb = deed(word.text) if word.judged and word.is_word else None
    return bool(
        verb and (verb.tense == "will" or (verb.tense in {"future", "both", "present"} and verb.person != 2))
    )
