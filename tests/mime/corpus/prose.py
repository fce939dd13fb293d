"""Letters that tempt a cutter: answers between quotes, people quoted in prose, fields that are no header block."""

from collections.abc import Iterator
from typing import Any

from tests.mime.corpus import build
from tests.mime.corpus.words import AGENTS, OLEG

_US = AGENTS[0]
_WHOLE = (
    "Здравствуйте!\nВчера в 14:30 ваш сотрудник Иван Петров написал:\nдоставим завтра до обеда.\nА сегодня уже вечер. Где заказ?",
    "От: склада на Лесной ничего не приходило.\nКому: нам теперь жаловаться?",
    "Отправлено с вашего склада 12 января, трек не бьётся.",
    "Отправлено с нашего склада вчера.\nНо у вас в системе статус не меняется",
    "03.01.2025 в 12:34 ваш менеджер Анна написала:\nсчёт будет завтра.\n\nСчёта нет. Что делать?",
    "Тема: возврат\nДата: 3 января\n\nПрошу вернуть деньги за заказ 48213, товар не подошёл.",
    "Заявление\nКому: директору ООО «Ромашка»\nОт: Громова Олега Петровича\nДата: 03.01.2025\nТема: возврат средств\n\nПрошу вернуть уплаченное.",
    "Настройки такие:\n\nFrom: робот\nTo: вся бухгалтерия\n\nчто тут не так?",
    "Логи:\n> GET /index.html HTTP/1.1\n> Host: shop.example\n< HTTP/1.1 502 Bad Gateway\n\nПочему 502?",
    "Отвечаю по пунктам:\n\n> Какой релиз?\n8.3.24\n\n> Сколько пользователей?\nпять, все жалуются\n\n> Есть ли копия базы?\nНет...",
    "пт, 3 янв. 2025 г. в 10:07, Анна Соколова <support@firma-demo.example>:\n\n> Здравствуйте!\n> Какой у вас релиз?\n\n8.3.24\n\n> Когда началось?\n\nв пятницу, сразу после обновления\n\n> Анна\n\nспасибо за помощь",
    "------------------\nТаблица остатков\n------------------\nболт М8 - 14\nгайка М8 - 2\n------------------\nПочему гаек две?",
    "Сегодня мне сказали: «пришлите письмо на info@firma-demo.example до 18:00».\nПрислал в 17:40, ответа нет:\nжду до сих пор.",
    "Спасибо!\n--\nи ещё: когда приедет мастер?\nмы ждём его с понедельника, уже три дня никто не звонит и не пишет",
    "С уважением отношусь к вашей работе, но так нельзя.\nТретий день без связи.",
    "С уважением жду ответа на вопрос, который задал неделю назад и на который так и не ответили!",
    "1. Мария писала 12.01.2025:\n2. Пётр звонил 13.01.2025 в 15:00:\n3. я пишу сегодня 14.01.2025, и всё без толку.",
    "Вопрос простой: Исходное сообщение у вас сохранилось? У меня удалилось.",
    "-- \nГде деньги?",
    "Добрый день\n\nP.S. это не подпись:\n-- \nперезвоните мне сегодня, вопрос срочный!",
    "Sent from my iPhone was in every letter of your manager, why?",
    "Отправлено из Москвы 5 января, получено 9-го, упаковка порвана.",
)  # fmt: skip
_FOLDED = (
    # (body, reply): the quote stands above the answer, or the signature is long
    ("> Здравствуйте!\n> Какой у вас релиз?\n\nРелиз 8.3.24", "> Здравствуйте!\n> Какой у вас релиз?\n\nРелиз 8.3.24"),
    ("03.01.2025 10:07, Анна Соколова пишет:\n> Здравствуйте!\n> Какой у вас релиз?\n\nРелиз 8.3.24.\nОлег", "Релиз 8.3.24.\nОлег"),
    ("Ок\n\n> Здравствуйте!\n> Какой у вас релиз?\n", "Ок"),
    ("Всё получили\n\n--\nОлег Громов\nСистемный администратор\nтел.: +7 912 000-00-01\nTelegram: @gromov_demo\nг. Пермь, ул. Мира, 1\n", "Всё получили"),
    ("Договор подписали, скан позже.\n\nС уважением,\nОлег Громов\n\nНастоящее электронное сообщение и вложения конфиденциальны и предназначены только для адресата. Если вы получили письмо по ошибке, сообщите отправителю и удалите его.\n", "Договор подписали, скан позже."),
    ("Понял.\n\n\nОтправлено с iPad\n", "Понял."),
    ("Пришлю вечером\nОтправлено из Почты для Windows\n", "Пришлю вечером"),
    ("Добрый день! Когда доставка?\n\nSent from my iPhone\n", "Добрый день! Когда доставка?"),
    ("Закройте заявку.\n\nBest regards,\nOleg Gromov\nIT manager\n", "Закройте заявку."),
    ("не работает касса\n\nБез вирусов. www.avast.example\n", "не работает касса"),
)  # fmt: skip


def letters() -> Iterator[tuple[str, bytes, dict[str, Any]]]:  # Any: values of JSON
    """Whole letters first, where nothing may be folded but a signature by its delimiter."""
    for number, body in enumerate(_WHOLE):
        yield "whole", _raw(body, 300 + number), _expected(body)
    for number, (body, reply) in enumerate(_FOLDED):
        yield "folded", _raw(body, 340 + number), _expected(reply)


def _raw(body: str, number: int) -> bytes:
    charset = ("utf-8", "koi8-r", "windows-1251")[number % 3]
    if not _fits(body, charset):
        charset = "utf-8"
    extra = "" if number % 2 else "In-Reply-To: <t1.m1@firma-demo.example>\r\n"
    return build.head(OLEG, "Re: Ошибка после обновления", number, extra).encode() + build.text_part(
        body, charset=charset
    )


def _fits(body: str, charset: str) -> bool:
    try:
        body.encode(charset)
    except UnicodeError:
        return False
    return True


def _expected(reply: str) -> dict[str, Any]:  # Any: values of JSON
    return build.fields_of(
        OLEG, "Re: Ошибка после обновления", reply_text=reply, forwarded=None, charset_repaired=False
    )
