"""Words that letters are made of: a Zipf-like Russian vocabulary, and planted words of a known number of requests."""

import random
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PREFIXES = " без во вы до за из на недо об от пере по под пред при про раз с у".split(" ")  # noqa: SIM905 - reads best as words
ROOTS = (  # noqa: SIM905 - the same
    "бел боль вид вод воз гляд говор город готов дар дел держ дом дорог дум езд жив жил зад зем зна зов игр каз кат "
    "клад клик ключ код колес коп корм корот крас креп крут куп лег леж лес лет лик лист лов мер мест мет мороз нос "
    "образ пад пис плав план плат плот полк прав прос пуск пут раб ран рез род рос руб рук ряд сад свет сел сид сил "
    "след слов слуг смотр спор став стан стол стро суд сух твор тек тел тепл толк точ труд тяг уч ход хран цвет цен "
    "час чет чин числ шаг шум щит явл ярк"
).split()
SUFFIXES = "|еньк|ив|изн|к|лив|н|ник|ов|оват|овк|ост|от|очк|ск|ств|тель|ун|чик|щик".split("|")  # noqa: SIM905 - the same
ENDINGS = ("", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах")
PLAIN = (  # noqa: SIM905 - the same
    "и в не на что с как по мы у вас за это для но из же так от просим если после можно нет есть когда или уже нужно "
    "было нам очень только снова вчера сегодня утром завтра пожалуйста подскажите проверьте пришлите работает работать "
    "программа программе файл файлы база базе базу печать печати касса кассе бухгалтер бухгалтеру обновление "
    "обновления ошибка ошибку ошибок номер номера заказ заказа сайт сайте почта почту ссылка ссылке страница "
    "компьютер телефон вопрос ответ срок сумма сумму документ документы карточка товар товары цена цены остатки "
    "сверка баланс выгрузка"
).split()

# Word → its forms. Each is in exactly so many requests as its class says; the vocabulary has none of them.
PLANTED: dict[int, dict[str, tuple[str, ...]]] = {
    20: {
        "маршрутизатор": ("маршрутизатор", "маршрутизатора", "маршрутизатору", "маршрутизаторами"),
        "тахограф": ("тахограф", "тахографа", "тахографы", "тахографами"),
        "домофон": ("домофон", "домофона", "домофоны", "домофонами"),
        "шлагбаум": ("шлагбаум", "шлагбаума", "шлагбаумов", "шлагбаумом"),
        "ламинатор": ("ламинатор", "ламинатора", "ламинаторы", "ламинатором"),
    },
    1000: {
        "сервер": ("сервер", "сервера", "серверу", "серверами", "серверах"),
        "лицензия": ("лицензия", "лицензии", "лицензию", "лицензий", "лицензиями"),
        "терминал": ("терминал", "терминала", "терминалов", "терминалами"),
        "сертификат": ("сертификат", "сертификата", "сертификаты", "сертификатом"),
        "сканер": ("сканер", "сканера", "сканеры", "сканерами"),
    },
    5000: {
        "доставка": ("доставка", "доставки", "доставку", "доставкой", "доставками"),
        "договор": ("договор", "договора", "договору", "договорами"),
        "отчёт": ("отчёт", "отчета", "отчёты", "отчётами"),
        "пароль": ("пароль", "пароля", "пароли", "паролями"),
        "аренда": ("аренда", "аренды", "аренду", "арендой"),
    },
}
WOMEN = "Анна Вера Ирина Мария Ольга Елена Светлана Татьяна Дарья Полина Юлия Нина Лариса Оксана Алла".split()  # noqa: SIM905 - the same
MEN = "Иван Пётр Сергей Олег Павел Андрей Михаил Игорь Антон Фёдор Семён Глеб Роман Лев Вадим".split()  # noqa: SIM905 - the same
SURNAMES = (  # noqa: SIM905 - the same
    "Соколов Орлов Лебедев Зайцев Воробьёв Голубев Медведев Волков Белов Комаров Щукин Баранов Ершов Котов Гусев "
    "Журавлёв Карпов Филинов Кабанов Быков Жуков Мухин Бобров Ежов Куликов Снегирёв Грачёв Галкин Чижов Дроздов"
).split()
FIRMS = "Кварц Ромашка Север Восток Рассвет Вектор Горизонт Маяк Парус Аврора Сфера Импульс Контур Меридиан".split()  # noqa: SIM905 - the same


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """forms[i] is drawn with the probability that cumulative[i] adds."""

    forms: list[str]
    cumulative: NDArray[np.float64]

    def draw(self, rng: np.random.Generator, count: int) -> list[str]:
        places = np.searchsorted(self.cumulative, rng.random(count)).tolist()
        forms = self.forms
        return [forms[place] for place in places]


def vocabulary() -> Vocabulary:
    """About 40,000 forms: p(rank) ~ 1 / (rank + 3)."""
    made = random.Random(7)
    stems = sorted({p + r + s for p in PREFIXES for r in ROOTS for s in SUFFIXES if len(p + r + s) > 3})
    made.shuffle(stems)
    forms = PLAIN + [stem + ending for stem in stems[:8000] for ending in made.sample(ENDINGS, 5)]
    head, tail = forms[: len(PLAIN)], forms[len(PLAIN) :]
    made.shuffle(tail)
    weights = 1.0 / (np.arange(len(forms)) + 3.0)
    cumulative = np.cumsum(weights / weights.sum())
    cumulative[-1] = 1.0
    return Vocabulary(head + tail, cumulative)


def person(number: int) -> str:
    """A name, the same for the same number."""
    surname = SURNAMES[number // 30 % len(SURNAMES)]
    woman = number % 2 == 0
    first = WOMEN[number // 2 % len(WOMEN)] if woman else MEN[number // 2 % len(MEN)]
    return f"{first} {surname}{'а' if woman else ''}"


def firm(number: int) -> str:
    return f"ООО «{FIRMS[number % len(FIRMS)]}-{number}»"
