"""The example company itself: teams, people, boxes, calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from otklik.accounts.models import User
from otklik.channels.models import Box
from otklik.env import env
from otklik.sla import scheduling
from otklik.staff.models import Company, Membership, Profile, Team

NAME = "Пример"
DOMAIN = "primer.example"
PASSWORD = "otklik-primer"  # noqa: S105 - printed at every start: the example holds no secrets
WEEK = {
    **{day: [["08:00", "20:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    **{day: [["10:00", "18:00"]] for day in ("sat", "sun")},
}
TEAMS = {1: "Помощь", 2: "Хостинг и почта", 3: "Серверы и 1С", 4: "Разработка"}
BOXES = {"help": 1, "schet": 1, "hosting": 2, "1c": 3}
BOX_NAMES = {
    "help": "Поддержка «Пример»", "schet": "Счета и акты «Пример»",
    "hosting": "Хостинг «Пример»", "1c": "Серверы 1С «Пример»",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agent:
    """key: the sign-in name before @; levels: of the teams they work in."""

    key: str
    name: str
    she: bool
    position: str
    levels: tuple[int, ...]
    role: str = User.Role.AGENT
    signature: str = ""


AGENTS = (
    Agent("anna", "Анна Орлова", True, "специалист поддержки", (1, 2), signature=(
        "Анна Орлова, «Пример»\nПишите прямо в ответ на это письмо, звоните: 8 800 555-01-42")),
    Agent("boris", "Борис Ким", False, "старший специалист поддержки", (1, 2)),
    Agent("vera", "Вера Чижова", True, "руководитель поддержки", (1, 2), User.Role.LEAD),
    Agent("gleb", "Глеб Прохоров", False, "специалист поддержки", (1,), signature=(
        "Глеб Прохоров\nподдержка «Пример»")),
    Agent("darya", "Дарья Мещерякова", True, "специалист по счетам и договорам", (1,), signature=(
        "Дарья Мещерякова\nсчета и договоры, «Пример»\n8 800 555-01-42, доб. 3")),
    Agent("egor", "Егор Латыпов", False, "инженер хостинга", (2,)),
    Agent("zhanna", "Жанна Ветрова", True, "инженер почты", (2,), signature=(
        "Жанна Ветрова, инженер почты\n«Пример»")),
    Agent("igor", "Игорь Савинов", False, "руководитель серверов и 1С", (3, 4), User.Role.LEAD),
    Agent("kirill", "Кирилл Бондарь", False, "администратор серверов", (3,)),
    Agent("lidia", "Лидия Пак", True, "инженер 1С", (3,), signature="Лидия Пак, инженер 1С, «Пример»"),
    Agent("matvey", "Матвей Зимин", False, "разработчик", (4,)),
    Agent("nina", "Нина Астахова", True, "администратор Отклика", (), User.Role.ADMIN),
)  # fmt: skip


AWAY, STANDS_IN, DAYS_AWAY = "zhanna", "egor", 4  # on leave while the example is looked at


@dataclass(frozen=True, slots=True)
class House:
    """The company as rows."""

    teams: dict[int, Team]  # by level
    users: dict[str, User]  # by key
    boxes: dict[str, Box]  # by the name before @

    def agents_of(self, level: int) -> list[Agent]:
        """Who answers in this team; leads help out, the administrator doesn't."""
        return [one for one in AGENTS if level in one.levels]


def build(*, at: datetime, smtp_port: int) -> House:
    """at: when the company began to use the desk. smtp_port: of the practice mail server."""
    hours = {"tz": env().timezone, "week": WEEK, "country": "RU"}
    scheduling.make("Будни 8–20, выходные 10–18", hours, by=None, at=at, is_default=True)
    Company.objects.create(
        name=NAME,
        phone="8 800 555-01-42",
        phone_hours="пн–пт 8–20, сб и вс 10–18",
        answer_within=timedelta(hours=4),
    )
    levels = zip(
        TEAMS, Team.objects.bulk_create([Team(name=name, level=n) for n, name in TEAMS.items()]), strict=True
    )
    teams = dict(levels)
    return House(teams, _users(teams, at), _boxes(teams, at, smtp_port))


def absences(made: House, *, at: datetime) -> None:
    """One is on leave at the moment that the example hangs on."""
    until = timezone.localdate(at) + timedelta(days=DAYS_AWAY)
    Profile.objects.filter(user=made.users[AWAY]).update(away_until=until, stand_in=made.users[STANDS_IN])


def _users(teams: dict[int, Team], at: datetime) -> dict[str, User]:
    password = make_password(PASSWORD)
    rows = User.objects.bulk_create(
        [
            User(email=f"{one.key}@{DOMAIN}", name=one.name, role=one.role, password=password, created_at=at)
            for one in AGENTS
        ]
    )
    users = {agent.key: user for agent, user in zip(AGENTS, rows, strict=True)}
    Profile.objects.bulk_create(
        [
            Profile(
                user=users[one.key],
                speech="f" if one.she else "m",
                position=one.position,
                signature=one.signature,
            )
            for one in AGENTS
        ]
    )
    Membership.objects.bulk_create(
        [Membership(user=users[one.key], team=teams[level]) for one in AGENTS for level in one.levels]
    )
    return users


def _boxes(teams: dict[int, Team], at: datetime, smtp_port: int) -> dict[str, Box]:
    rows = Box.objects.bulk_create(
        [
            Box(
                address=f"{key}@{DOMAIN}", name=BOX_NAMES[key], kind=Box.Kind.DOOR, mode=Box.Mode.ANSWER,
                team=teams[level], auth=Box.Auth.NONE, smtp_host="127.0.0.1", smtp_port=smtp_port,
                smtp_security=Box.Security.NONE, created_at=at, connected_at=at,
            )
            for key, level in BOXES.items()
        ]
    )  # fmt: skip
    return dict(zip(BOXES, rows, strict=True))
