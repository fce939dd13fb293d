"""Numbers for people, in the language of the page."""

from otklik.russian.typography import NBSP, grouped
from otklik.web.language import is_english


def number(n: int) -> str:
    """«9999», «12 500»; 12,500."""
    return f"{n:,}" if is_english() and abs(n) >= 10_000 else grouped(n)


def decimal(value: float) -> str:
    """One digit after the point, none where it is a zero: «1,5», «2»; 1.5, 2."""
    said = f"{value:.1f}".removesuffix(".0")
    return said if is_english() else said.replace(".", ",")


def counted(words: str, n: int) -> str:
    """counted(ngettext("%s письмо", "%s писем", n), n): «12 500 писем», the figure tied to its word."""
    return words.replace("%s ", f"{number(n)}{NBSP}")
