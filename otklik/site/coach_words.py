"""Findings for a person at a terminal: the text with its places marked and numbered, then a line a finding."""

from otklik import coach
from otklik.russian import dates, plural

RULES = {
    "greeting": "приветствие",
    "address": "обращение",
    "passive": "страдательный залог",
    "officialese": "канцелярит",
    "nominal": "глагол стал существительным",
    "unexplained": "нет причины",
    "refusal": "отказ без выхода",
    "next-step": "нет следующего шага",
    "apology": "нет извинения",
    "thanks": "нет тёплого конца",
    "vague": "неясно, кто, что или когда",
    "lecture": "тон учителя",
    "blame": "упрёк клиенту",
    "negative": "отрицание вместо прямого слова",
    "price": "неясна цена",
    "template": "шаблон",
    "off-question": "вопрос без ответа",
    "shouting": "крик",
    "rude": "грубость",
    "dissuade": "отговариваем от жалобы",
    "long": "длинно",
    "promise": "обещание",
}
_GRAVITY = {"error": "важно", "warning": "замечание", "hint": "подсказка"}
_BRIGHT = {"error": "\x1b[31m", "warning": "\x1b[33m", "hint": "\x1b[36m"}


def page(name: str, reply: coach.Reply, found: list[coach.Finding], *, bright: bool) -> str:
    """The whole answer about one reply. bright: with the colours of a terminal."""
    lines = [f"{name}:"] if name else []
    if not found:
        return "\n".join([*lines, "Замечаний нет.", ""])
    lines += [_marked(reply.text, found), ""]
    lines += [_line(number, one, reply, bright=bright) for number, one in enumerate(found, 1)]
    return "\n".join([*lines, f"Всего: {plural(len(found), 'замечание', 'замечания', 'замечаний')}.", ""])


def _marked(text: str, found: list[coach.Finding]) -> str:
    """«[Заявка принята]¹»: an opening bracket before each place, a closing one with its number after it."""
    marks: list[tuple[int, int, int, str]] = []
    for number, one in enumerate(found, 1):
        if one.end:
            marks.append((one.start, 1, -one.end, "["))
            marks.append((one.end, 0, -one.start, f"]{_raised(number)}"))
    pieces, at = [], 0
    for place, _, _, mark in sorted(marks):
        pieces += [text[at:place], mark]
        at = place
    return "".join([*pieces, text[at:]]).rstrip()


def _raised(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _line(number: int, one: coach.Finding, reply: coach.Reply, *, bright: bool) -> str:
    gravity = _GRAVITY[one.severity]
    if bright:
        gravity = f"{_BRIGHT[one.severity]}{gravity}\x1b[0m"
    words = " ".join(reply.text[one.start : one.end].split())
    place = f" «{words if len(words) <= 60 else words[:59] + '…'}»" if one.end else " (весь ответ)"
    said = f"{number:>2}. {gravity}, {RULES[one.rule]} ({one.rule}):{place}. {one.reason}"
    ways = [f"\n      → {way or '(убрать)'}" for way in one.suggestions]
    return said + _promised(one, reply) + "".join(ways)


def _promised(one: coach.Finding, reply: coach.Reply) -> str:
    if not one.promise:
        return ""
    who = one.promise.who or "кто, не сказано"
    due, now = one.promise.due, reply.now
    if not due or not now or not due.tzinfo:
        return f" Кто: {who}; срок не назван."
    return f" Кто: {who}; срок: {dates.when(due, now, due.tzinfo)}."
