"""The requests that the table of queries (queries.tsv) is asked of: a name for each, two teams."""

from otklik.clients.models import Client, Organisation
from otklik.desk import files, noting
from otklik.desk.files import File
from otklik.desk.models import Message, Note, Ticket
from otklik.desk.search import vocabulary
from tests import make
from tests.make import DAY, HOUR, NOON

PEOPLE = {
    "vera": ("vera@kvarts.example", "Вера Соколова", "ООО «Кварц»"),
    "pyotr": ("p.zaytsev@romashka-torg.example", "Пётр Зайцев", "АО «Ромашка-Торг»"),
    "olga": ("olga.d@sever.example", "Ольга Дмитриевна Чижова", "ИП Чижова"),
    "john": ("john.smith@example.com", "John Smith", "Acme Ltd"),
    "igor": ("i.grachyov@vostok.example", "Игорь Грачёв", "ООО «Восток-Сервис»"),
}
# name: team, client, subject, text
LETTERS = {
    "servers": ("Помощь", "vera", "Не отвечают серверы", "Два сервера в стойке не отвечают с утра."),
    "printer": (
        "Помощь",
        "pyotr",
        "Печать накладных",
        "Принтер печатает накладные дважды, ошибка 0x0000011b.",
    ),
    "waybill": (
        "Помощь",
        "olga",
        "Накладная №4500-77",
        "Пришлите исправленную накладную, в строке лишний товар.",
    ),
    "contract": (
        "Помощь",
        "vera",
        "Продление",
        "Хотим продлить договор 2024/0815-К ещё на год, счёт 40817810099910004312.",
    ),
    "errors": ("Помощь", "igor", "Касса", "После обновления кассы много ошибок в отчётах за день."),
    "cards": ("Помощь", "olga", "Справочник", "Карточки товаров не выгружаются на сайт."),
    "market": ("Помощь", "pyotr", "Вывеска", "Мы переехали на рынок, измените адрес."),
    "links": ("Помощь", "igor", "Личный кабинет", "Ссылка на оплату не открывается в телефоне."),
    "delivery": ("Помощь", "vera", "Доставка задерживается", "Обещали доставить в пятницу, груза нет."),
    "tree": ("Помощь", "olga", "Ёлки и гирлянды", "Ещё три ёлки не включаются, гирлянды мигают."),
    "onec": (
        "Помощь",
        "pyotr",
        "1С не запускается",
        "Платформа 1С 8.3.21 закрывается с сообщением о лицензии.",
    ),
    "mixed": ("Помощь", "igor", "Вопрос", "Новый маршрутизaтор потерял настройки."),  # a Latin «a» inside
    "router": ("Помощь", "vera", "Интернет", "Маршрутизатор перегревается и теряет связь."),
    "english": ("Помощь", "john", "Router firmware", "The server rejects our license after the update."),
    "phone": ("Помощь", "olga", "Перезвоните", "Перезвоните мне, пожалуйста: +7 916 123-45-67."),
    "cat": ("Помощь", "pyotr", "Фотография", "На фотографии в карточке кот, который спит."),
    "bank": ("Помощь", "igor", "Выписка", "Банк вернул платёж, приложили выписку."),
    "secret": (
        "Хостинг",
        "vera",
        "Тайный проект «Барсук»",
        "Перенос кракозябры на новый хостинг, сервер арендуем.",
    ),
    "hosting": ("Хостинг", "pyotr", "Домен", "Домен romashka.example истекает, продлите его."),
}
FILES = {"bank": "vypiska_ИП_Чижова_ноябрь.pdf", "contract": "Договор_аренды_скан.pdf"}
NOTES = {
    "market": "Просили позвонить вечером, вывеску снимет монтажник.",
    "secret": "Пароль от сейфа у Бориса.",
}
LATER = {"delivery": "Курьер нашёлся, посылка повреждена."}


def build() -> dict[int, str]:
    """Makes all of it and learns its words; gives the name of each request by its number."""
    tickets = {name: _letter(name, days) for days, name in enumerate(LETTERS)}
    for name, words in NOTES.items():
        noting.write(tickets[name], words, by=make.admin(), at=NOON + 40 * DAY)
    for name, words in LATER.items():
        make.received(words, ticket=tickets[name], sender=_person("vera"), at=NOON + 40 * DAY)
    vocabulary.learn(Message.objects.values_list("pk", flat=True), Note.objects.values_list("pk", flat=True))
    return {ticket.number: name for name, ticket in tickets.items()}


def _letter(name: str, days: int) -> Ticket:
    team, client, subject, text = LETTERS[name]
    sender = _person(client)
    attached: tuple[File, ...] = ()
    if name in FILES:
        attached = (File(files.store(name.encode()), len(name.encode()), FILES[name], "application/pdf"),)
    return make.ticket(
        text, subject=subject, sender=sender, author_name=sender.name, team_id=make.team(team).pk,
        files=attached, at=NOON + days * DAY + HOUR,
    )  # fmt: skip


def _person(key: str):
    address, name, firm = PEOPLE[key]
    sender = make.identity(address, name)
    organisation = Organisation.objects.get_or_create(name=firm)[0]
    Client.objects.filter(pk=sender.client_id).update(organisation=organisation)
    return sender
