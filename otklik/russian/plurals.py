"""Numbers with the right form of the word after them."""

from otklik.russian.typography import NBSP, grouped


def form(n: int, one: str, few: str, many: str) -> str:
    """The form alone: 1, 21, 101 ответ; 2–4, 22 ответа; 0, 5–20, 111 ответов."""
    last_two = abs(n) % 100
    last = last_two % 10
    if last == 1 and last_two != 11:
        return one
    if 2 <= last <= 4 and not 12 <= last_two <= 14:
        return few
    return many


def plural(n: int, one: str, few: str, many: str) -> str:
    """The number and its word with a non-breaking space between: «2 ответа», «12 500 ответов»."""
    return f"{grouped(n)}{NBSP}{form(n, one, few, many)}"
