"""The fault is ours and nobody apologises (contract: `apology`)."""

from collections.abc import Iterator

from otklik.coach import admitting, opening
from otklik.coach.phrases import Match, phrases
from otklik.coach.reading import WHOLE, Reading, finding
from otklik.coach.reply import Finding

CODE = "apology"
REASON_FAULT = "Подвели клиента мы: извинитесь прямо, «к сожалению» этого не заменит."
REASON_ADMITTED = "Вы признаёте нашу ошибку, но не извиняетесь: добавьте «простите» или «извините»."
_OTHERS = frozenset({"вы", "ты", "сам", "сама", "сами", "они", "он", "она"})  # «вы сами виноваты»
_ANSWERS = frozenset({"да", "нет", "ага", "верно", "и", "но", "а", "действительно", "конечно"})
SORRY = "Простите нас, пожалуйста. "
SORRY_ALONE = "Простите, пожалуйста. "  # «я забыл»: he asks for himself
_I = frozenset({"я", "мой", "моя", "моё", "мое", "моей", "моего", "моему", "мне", "мной"})


def find(reading: Reading) -> Iterator[Finding]:
    """One finding about the whole reply; the house style of a team narrows when (`House.apologise`)."""
    when, fault = reading.house.apologise, reading.reply.our_fault
    if when == "never" or not reading.judged_sentences:
        return
    # where the request says that the fault isn't ours, the text alone accuses nobody
    admitted = when == "fault" and fault is None and admitting.admits(reading)
    if (fault or admitted) and not _apologises(reading):
        reason = REASON_FAULT if fault else REASON_ADMITTED
        yield finding(CODE, WHOLE, reason, suggestions=_to_begin_with(reading))


def _apologises(reading: Reading) -> bool:
    if any(not _is_denied(match) for match in phrases("apology", "apology").find(reading)):
        return True
    return any(
        not _is_denied(match) and not any(word.low in _OTHERS for word in match.sentence.words)
        for match in phrases("apology", "guilty").find(reading)
    )


def _is_denied(match: Match) -> bool:
    """«Не извиняйтесь», «нечего извинять»: the words stand there and nobody apologises."""
    before = [word.low for word in match.sentence.words if word.end <= match.words[0].start][-1:]
    return before in (["не"], ["нечего"]) and match.words[0].low != "не"


def _to_begin_with(reading: Reading) -> tuple[str, ...]:
    """An apology to put before the text: only where no greeting or address stands or ought to stand there."""
    first = reading.words[0]
    answers = first.low in _ANSWERS  # «Да, это мой недосмотр»: an apology before it would answer nothing
    joins = first.judged and first.text[0].isupper() and not opening.is_polite(first) and not answers
    if not joins or reading.reply.first or opening.greeting(reading):
        return ()
    alone = any(word.judged and word.low in _I for word in reading.words)
    return (SORRY_ALONE if alone else SORRY,)
