"""The letter that a moved time owes its client: drafted for the agent, who sends it or says it better (R-D3, R-D4).

No gender is guessed and nobody is named: «мы» speaks, in the language of the company's letters.
"""

from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from otklik.russian import dates
from otklik.web.language import in_company_language


@in_company_language()
def moved_promise(action: str, reason: str, due_at: datetime, *, now: datetime, tz: tzinfo) -> str:
    """«Мы обещали: «Позвоним завтра до 12:00». К этому времени не успеем. Ждём ответа банка. Сделаем это …»"""
    said = action.strip().rstrip(".!…").replace("«", "„").replace("»", "“")
    return _join(
        _("Мы обещали: «%s». К этому времени не успеем.") % said,
        _sentence(reason),
        _("Сделаем это %s. Простите, что подвели.") % dates.by(due_at, now, tz),
    )


@in_company_language()
def moved_news(reason: str, due_at: datetime, *, now: datetime, tz: tzinfo) -> str:
    """«Ответ ещё не готов. Проверяем счёт. Напишем вам сегодня до 16:00.»"""
    return _join(
        _("Ответ ещё не готов."),
        _sentence(reason),
        _("Напишем вам %s.") % dates.by(due_at, now, tz),
    )


def _sentence(reason: str) -> str:
    said = " ".join(reason.split())
    if not said:
        return ""
    said = said[0].upper() + said[1:]
    return said if said[-1] in ".!?…" else f"{said}."


def _join(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
