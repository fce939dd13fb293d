"""A sentence cut into clauses, and whether a clause hangs on what the client does."""

from dataclasses import dataclass, field

from otklik.coach.phrases import phrases
from otklik.coach.reading import Sentence, Word
from otklik.coach.rules._promise_words import Deed, deed, is_doer, listed
from otklik.russian.spoken import Term

_BREAKS = frozenset({",", ";", ":", "—", "–", "-", "(", ")", "…", "..."})
_JOINERS = frozenset({"и", "а", "но", "же", "ну", "да", "то", "тогда", "или"})
_ALWAYS = frozenset({"если", "ежели", "коли", "раз"})
_OR_ELSE = (["а", "то"], ["не", "то"], ["а", "иначе"])
_KNOWN_LATER = frozenset({"получить", "увидеть", "узнать", "убедиться", "смочь", "мочь", "успеть"})
_WISHES = frozenset({"хотеть", "желать", "предпочитать", "захотеть"})


@dataclass(slots=True)
class Clause:
    """Words between two marks. mark: the mark before it."""

    mark: str
    words: list[Word]
    terms: list[Term] = field(default_factory=list)

    @property
    def first(self) -> str:
        """The first word that is no conjunction."""
        return next((word.low for word in self.words if word.is_word and word.low not in _JOINERS), "")

    @property
    def opens(self) -> str:
        return next((word.low for word in self.words if word.is_word), "")

    @property
    def deeds(self) -> list[tuple[int, Deed]]:
        """Verbs of the clause with their numbers in `words`."""
        found = []
        for at, word in enumerate(self.words):
            verb = deed(word.text) if word.is_word and word.judged else None
            if verb:
                found.append((at, verb))
        return found

    @property
    def has_verb(self) -> bool:
        return any(verb.tense != "infinitive" for _, verb in self.deeds)

    @property
    def names_something(self) -> bool:
        """Whether a noun in the nominative stands outside the times: «Субботник 12 апреля»."""
        outside = [
            word for word in self.words if not any(one.start <= word.start < one.end for one in self.terms)
        ]
        return any(word.is_a("NOUN", "nomn") for word in outside)

    @property
    def is_ruled(self) -> bool:
        """A clause that another one rules: «когда мастер приедет», «который привезёт», «приедет ли»."""
        if self.first in listed("openers") and not (self.first == "раз" and self.opens != "раз"):
            return True
        lows = [word.low for word in self.words]
        return (
            "ли" in lows
            or any(low.startswith("котор") for low in lows[:4])
            or "того как" in " ".join(lows[:4])
        )

    def has(self, *lemmas: str) -> bool:
        return any(not word.lemmas.isdisjoint(lemmas) for word in self.words if word.is_word)

    def stands_alone(self, number: int) -> bool:
        """Whether no preposition rules the word: in «на склад» nobody acts."""
        before = self.words[max(0, number - 2) : number]
        if before and before[-1].is_a("PREP"):
            return False
        return not (len(before) == 2 and before[0].is_a("PREP") and before[1].is_a("ADJF"))

    def order(self) -> Deed | None:
        """What the client is asked to do in it («пришлите»), None where nothing is asked."""
        for at, verb in self.deeds:
            if verb.tense == "order" and not (at and self.words[at - 1].low == "не"):
                if verb.lemma in listed("requests"):
                    return verb
                if verb.lemma == "оставить" and self.has(*listed("left")):
                    return verb
        return None


def clauses(sentence: Sentence, terms: list[Term]) -> list[Clause]:
    """The sentence in clauses; marks inside a term («в пятницу, 27 ноября,») part nothing."""
    made = [Clause("", [])]
    waiting = list(terms)
    for word in sentence.words:
        while waiting and waiting[0].end <= word.start:
            made[-1].terms.append(waiting.pop(0))
        inside = bool(waiting) and waiting[0].start <= word.start
        mark = word.text.strip()
        if mark in _BREAKS and not inside and not word.is_word:
            if made[-1].words:
                made.append(Clause(mark, []))
            else:
                made[-1].mark = mark
            continue
        made[-1].words.append(word)
    made[-1].terms += waiting
    return [one for one in made if one.words]


def hangs(sentence: Sentence, parts: list[Clause], at: int) -> bool:
    """Whether the deed of clause `at` waits for the client, or for an «если» of any kind."""
    if any(
        word.judged and word.low in {"давайте", "либо"} for clause in parts[: at + 1] for word in clause.words
    ) or any(
        _bears_on(parts, at, match.place[0]) for match in phrases("promise", "condition").find_in(sentence)
    ):
        return True
    if at and (parts[at].opens == "иначе" or [word.low for word in parts[at].words[:2]] in _OR_ELSE):
        return True
    before = parts[:at]
    following = parts[at + 1 : at + 2]
    if any(_is_condition(one) for one in before) or any(_is_condition(one) for one in following):
        return True
    return any(_asks(parts, one, at) for one in range(at)) or _asked_after(parts, at) or _by_dash(parts, at)


def _bears_on(parts: list[Clause], at: int, place: int) -> bool:
    """«Макет покажу во вторник, а начнём после вашего «да»»: the condition is that of the other deed."""
    if not parts[at].terms:
        return True
    other = next((one for one in parts[at + 1 :] if one.words[0].start <= place < one.words[-1].end), None)
    return other is None or not other.has_verb


def _is_condition(clause: Clause) -> bool:
    if not clause.is_ruled:
        return False
    if clause.first in _ALWAYS and not _is_our_reason(clause):
        return True
    if clause.first not in {"когда", "как", "пока", "после"} and clause.opens != "после":
        return False
    return is_of_client(clause)


def _is_our_reason(clause: Clause) -> bool:
    """«Вернём деньги, раз работу мы не сделали»: what has been, and by us."""
    past = any(verb.tense == "past" for _, verb in clause.deeds)
    return clause.first == "раз" and past and not is_of_client(clause)


def is_of_client(clause: Clause) -> bool:
    """Whether the client acts in it: «вы пришлёте», «поступит оплата»."""
    if any(word.low == "вы" for word in clause.words) or any(
        verb.tense in {"you", "order"} for _, verb in clause.deeds
    ):
        return True
    lows = [word.low for word in clause.words]
    if "от" in lows[:-1] and lows[lows.index("от") + 1] != "вас":  # «когда получим ответ от производителя»
        return False
    return clause.has(*listed("client_deeds"))


def _asks(parts: list[Clause], asked: int, at: int) -> bool:
    """«Пришлите фото, и мы …», «Нажмёте — врач …», «Хотите, …», «Достаточно слова, и …»."""
    clause = parts[asked]
    if clause.is_ruled:
        return False
    if clause.order():
        return True
    for _, verb in clause.deeds:
        if verb.tense in {"you", "order"} and verb.lemma in _WISHES:
            return True
        if verb.tense == "you" and verb.lemma not in _KNOWN_LATER and not _is_now(clause):
            return True
    may = any(word.low in {"можно", "можете"} for word in clause.words)
    if may and any(verb.tense == "infinitive" for _, verb in clause.deeds) and not parts[at].terms:
        return True
    needs = any(word.low in listed("needs") for word in clause.words)
    joined = parts[at].opens in {"и", "тогда", "после"} or parts[at].mark in {"—", "–", "-"}
    return needs and joined and asked == at - 1


def _is_now(clause: Clause) -> bool:
    """«Как вы видите», «вы знаете»: said of now, asks for nothing."""
    return any(
        verb.tense == "you" and verb.lemma in {"видеть", "знать", "понимать", "писать"}
        for _, verb in clause.deeds
    )


def _asked_after(parts: list[Clause], at: int) -> bool:
    """«Подберём замену, только напишите модель»."""
    return any(
        clause.order() and any(word.low in {"только", "просто", "лишь"} for word in clause.words)
        for clause in parts[at + 1 :]
    )


def _by_dash(parts: list[Clause], at: int) -> bool:
    """«Промолчит — решим спор сами»: a future without «если» that another answers."""
    if parts[at].mark not in {"—", "–", "-"} or not at:
        return False
    if any(is_doer(word, "") for word in parts[at - 1].words):
        return False
    return any(verb.tense in {"future", "will"} and verb.person == 3 for _, verb in parts[at - 1].deeds)
