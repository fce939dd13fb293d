"""A sentence in which our side commits to do something: what, who, by when (contract: `promise`).

Promises are no faults: the finding is a hint, and the desk makes a tracked promise of it. Silent on what hangs on the
client's choice or deed, on what things do by themselves, on rules of the house, on questions and offers.
`what` is the deed in the infinitive with its words («прислать вам фото»), a passive one as it is said («ущерб будет
возмещён»); `who` as in `Promised`; `due` by «When a promise is due» in `bench/coach_data/README.md`. Of two promises
in one sentence the later time counts: until then the word is not kept.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from otklik.coach.reading import Reading, Sentence, finding
from otklik.coach.reply import Finding, Promised
from otklik.coach.rules._promise_clauses import Clause, clauses, hangs
from otklik.coach.rules._promise_deeds import Deeded, Place, commitments, is_verb
from otklik.coach.rules._promise_what import what
from otklik.coach.rules._promise_words import deed, listed
from otklik.russian.spoken import Term, terms

CODE = "promise"
REASON_DATED = "Это обещание со сроком: клиент будет ждать, поставьте его себе на контроль."
REASON_OPEN = "Это обещание без срока: назовите день или час, чтобы клиент не гадал."
_MOST = 300  # promises: more are no reply of a person, and each costs a tenth of a millisecond
_LONGEST = 300  # words: nobody promises in a longer sentence, and clauses are weighed against each other
_FAR = timedelta(days=300)  # «12 октября», said in November, is the one that has passed
_THEN = (("тогда",), ("после", "этого"), ("затем",), ("дальше",), ("далее",), ("после", "чего"), ("потом",))


def find(reading: Reading) -> Iterator[Finding]:
    """One finding for each sentence that holds a promise."""
    return islice(_all(reading), _MOST)


def _all(reading: Reading) -> Iterator[Finding]:
    for number, sentence in enumerate(reading.sentences):
        if len(sentence.words) > _LONGEST or not sentence.is_judged or sentence.is_question:
            continue
        if not any(map(is_verb, sentence.words)):
            continue
        said = terms([word.token for word in sentence.words], reading.reply.now)
        parts = clauses(sentence, [one for one in said if _counts(sentence, one)])
        made = _made(reading, number, sentence, parts)
        if made:
            yield _finding(reading, sentence, parts, made)


def _counts(sentence: Sentence, term: Term) -> bool:
    """Whether a time may be a due time: not one in quotes, nor «вместо обещанного интервала с 10 до 12»."""
    at = next((number for number, word in enumerate(sentence.words) if word.start == term.start), None)
    if at is None or not sentence.words[at].judged:
        return False
    return all(word.low not in {"вместо", "раньше"} for word in sentence.words[max(0, at - 3) : at])


def _made(
    reading: Reading, number: int, sentence: Sentence, parts: list[Clause]
) -> list[tuple[int, list[Deeded]]]:
    """(number of the clause, its commitments), for the clauses that have some."""
    if _goes_on_from_a_request(reading, number, sentence):
        return []
    found = []
    for at, clause in enumerate(parts):
        if clause.is_ruled:
            continue
        deeds = commitments(Place(reading, number, parts, at))
        if deeds and not hangs(sentence, parts, at):
            found.append((at, deeds))
    return found


def _goes_on_from_a_request(reading: Reading, number: int, sentence: Sentence) -> bool:
    """«Тогда …», «После этого …» after a question or a request: it waits for the client."""
    opening = tuple(word.low for word in sentence.words if word.is_word)[:2]
    if not any(opening[: len(one)] == one for one in _THEN):
        return False
    before = reading.sentences[max(0, number - 2) : number]
    return any(
        one.is_question or any(_asks(word.text) for word in one.words if word.judged) for one in before
    )


def _asks(word: str) -> bool:
    verb = deed(word)
    return bool(verb and verb.tense in {"order", "you"} and verb.lemma in listed("requests"))


def _finding(
    reading: Reading, sentence: Sentence, parts: list[Clause], made: list[tuple[int, list[Deeded]]]
) -> Finding:
    now = reading.reply.now
    dues = [due for at, deeds in made if (due := _due(parts, at, deeds, now))]
    due = max(dues, default=None)
    promise = Promised(what(parts, made), made[0][1][0].who, due)
    reason = REASON_DATED if due else REASON_OPEN
    return finding(CODE, (sentence.start, sentence.end), reason, promise=promise)


def _due(parts: list[Clause], at: int, deeds: list[Deeded], now: datetime | None) -> datetime | None:
    """The time of a clause's commitment: its own, else that of a clause beside it that has no verb of its own."""
    if now is None:
        return None
    tiers = [{"at", "by", "within", "in", "window"}]
    if len(deeds) == 1:  # «список к уроку в 15:00 пришлю до конца дня»: the hour is the lesson's
        tiers = [{"by", "within"}, *tiers]
    if all(one.lemma not in listed("moving_days") for one in deeds):
        tiers.append({"onto"})
    said = parts[at].terms
    if all(one.lemma in listed("warning") for one in deeds):
        ahead = {word.start for word in parts[at].words if word.low == "за"}
        said = [term for term in said if term.start not in ahead]
    own = _latest(said, tiers, now)
    return own or _latest([term for one in _beside(parts, at) for term in one.terms], tiers, now)


def _beside(parts: list[Clause], at: int) -> Iterator[Clause]:
    """Clauses near by that are a time and nothing else: «Завтра, как только откроют склад, …», «…, часа в два»."""
    for way in (reversed(parts[:at]), parts[at + 1 :]):
        for one in way:
            if one.is_ruled:
                continue
            if one.deeds or one.names_something:
                break
            yield one


def _latest(said: list[Term], tiers: list[set[str]], now: datetime) -> datetime | None:
    """The latest due moment of the first tier of roles that has one; «с» and «после» come last."""
    for kept in (*tiers, {"from", "after"}):
        dues = [term.due for term in said if term.due and term.role in kept and _is_ahead(term, now)]
        if dues:
            return max(dues)
    return None


def _is_ahead(term: Term, now: datetime) -> bool:
    if not term.due or term.due <= now:
        return False
    return term.kind == "duration" or term.role == "by" or term.due - now < _FAR
