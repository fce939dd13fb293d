"""A letter that takes over two minutes; a sentence is in `cases/long.toml`."""

from otklik import coach

SENTENCE = "Мастер придёт в среду утром и сразу заменит старый кран. "  # ten words
STEP = "\n- Откройте кабинет, выберите нужный раздел, нажмите на кнопку справа внизу."


def _found(text: str) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in coach.check(coach.Reply(text, first=False)) if one.rule == "long"]


def test_a_letter_of_over_two_minutes_is_long_as_a_whole():
    assert _found(SENTENCE * 37) == [(0, 0)]
    assert _found(SENTENCE * 36) == []


def test_the_steps_of_an_instruction_may_take_their_time():
    assert _found("Вот все шаги по порядку:" + STEP * 60) == []


def test_the_count_in_the_reason_bends():
    words = ("слово " * 31).strip()
    reply = coach.Reply(f"Вот {words[6:]}.", first=False)
    [found] = [one for one in coach.check(reply) if one.rule == "long"]

    assert "31\N{NO-BREAK SPACE}слово," in found.reason
