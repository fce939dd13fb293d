"""The style of a team: versions, words in the notation, who may change it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from otklik.assist import forms, styling
from otklik.assist.models import Style
from otklik.assist.rules import ALWAYS, RULES
from otklik.assist.styling import Wanted
from otklik.coach import OwnWords
from otklik.errors import NotAllowed
from otklik.journal.models import Entry
from otklik.staff.models import Team
from tests import make
from tests.make import HOUR, NOON

pytestmark = pytest.mark.django_db
LOUD = Wanted(off=frozenset({"shouting"}))
LINES = "юзер~ = клиент / человек # у людей есть имена\n\nв * время"


def page(**more):
    on = [one for one in RULES if one not in ALWAYS]
    return {"seen": 0, "on": on, "apologise": "fault", "words": "", **more}


def test_each_change_is_a_version_and_the_same_again_is_none(vera_lead):
    team = make.team()
    first = styling.change(team, LOUD, by=vera_lead, at=NOON)
    same = styling.change(team, LOUD, by=vera_lead, at=NOON)

    assert (first.version, first.off, same) == (1, ["shouting"], None)
    assert Entry.objects.get(word="style.changed").facts == {"team": team.pk, "version": 1}


def test_an_old_version_comes_back_as_a_new_one(vera_lead):
    team = make.team()
    styling.change(team, LOUD, by=vera_lead, at=NOON)
    styling.change(team, Wanted(words=(OwnWords("баг~"),)), by=vera_lead, at=NOON + HOUR)
    styling.restore(team, 1, by=vera_lead, at=NOON + 2 * HOUR)

    last, middle, first = styling.history(team)
    assert (last.style.version, last.style.restores, last.style.off) == (3, 1, ["shouting"])
    assert (last.switched_off, last.removed) == (["shouting"], ["баг~"])
    assert (middle.switched_on, middle.added) == (["shouting"], ["баг~"])
    assert first.switched_off == ["shouting"]


def test_a_page_that_somebody_overtook_changes_nothing(vera_lead):
    team = make.team()
    styling.change(team, LOUD, seen=0, by=vera_lead, at=NOON)

    with pytest.raises(styling.SomebodyChanged):
        styling.change(team, Wanted(), seen=0, by=vera_lead, at=NOON + HOUR)


@pytest.mark.parametrize(("role", "team"), [("agent", "Помощь"), ("lead", "Хостинг")])
def test_only_the_lead_of_the_team_changes_its_style(role, team):
    stranger = make.agent("Борис", role=role, team=make.team(team))

    with pytest.raises(NotAllowed):
        styling.change(make.team(), LOUD, by=stranger, at=NOON)


def test_the_database_refuses_a_second_row_of_a_version():
    Style.objects.create(team=make.team(), version=1, made_at=NOON)

    with pytest.raises(IntegrityError, match="style_version_once"), transaction.atomic():
        Style.objects.create(team=make.team(), version=1, made_at=NOON)


def test_words_are_read_line_by_line_and_written_back_the_same():
    words = forms.read_words(LINES)

    assert words == (
        OwnWords("юзер~", ("клиент", "человек"), "у людей есть имена"),
        OwnWords("в * время"),
    )
    assert forms.read_words(forms.write_words(words)) == words


@pytest.mark.parametrize(
    "line", ["баг~|глюк~", "мы (уже|ещё~) решаем", "в * время ... и т.д.", "по-моему, № 5", "слово ^ да $"]
)
def test_the_whole_notation_is_read(line):
    assert forms.read_words(line) == (OwnWords(line),)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("= клиент", "Строка 1"),
        ("слово\n... что-то", "Строка 2: начните"),
        ("а ... б ... в ... г", "до двух"),
        ("слово = 1 / 2 / 3 / 4", "слишком длинная"),
        ("слово " * 50, "слишком длинная"),
        ("слово\n" * 201, "Записей больше 200"),
        ("да\nслово <x> = да", "Строка 2: «<x>»"),
        ("слово <NOUN", "«<NOUN»"),
        ("слово (уже", "«(уже»"),
        ("слово или|", "«или|»"),
        ("слово ~юзер", "«~юзер»"),
        ("слово...", "«слово...»"),
    ],
)
def test_a_line_that_can_not_be_read_is_named(line, said):
    with pytest.raises(ValidationError) as refused:
        forms.read_words(line)

    assert said in " ".join(refused.value.messages)


def test_the_page_saves_rules_words_and_apologies(client, vera_lead):
    team = Team.objects.get()
    on = [one for one in RULES if one not in {*ALWAYS, "shouting"}]
    answer = client.post(f"/assist/style/{team.pk}/", page(on=on, words=LINES, apologise="known"))

    style = Style.objects.get()
    assert answer.status_code == 302
    assert (style.off, style.apologise, len(style.words)) == (["shouting"], "known", 2)
    assert "юзер~ = клиент / человек" in client.get(f"/assist/style/{team.pk}/").text


def test_wrong_words_come_back_as_422_with_the_line(client, vera_lead):
    answer = client.post(f"/assist/style/{Team.objects.get().pk}/", page(words="= клиент"))

    assert answer.status_code == 422
    assert "Строка 1" in answer.text
    assert not Style.objects.exists()


def test_the_words_are_tried_on_a_text_before_they_are_saved(client, vera_lead):
    tried = {"words": LINES, "text": "Юзеры ждут."}
    answer = client.post(f"/assist/style/{Team.objects.get().pk}/trying/", tried)

    assert "«Юзеры»" in answer.text
    assert "«Клиент»" in answer.text
    assert not Style.objects.exists()


def test_a_version_comes_back_by_its_button_and_a_doubted_rule_goes_by_its_own(client, vera_lead):
    team = Team.objects.get()
    client.post(f"/assist/style/{team.pk}/off/shouting/")
    client.post(f"/assist/style/{team.pk}/versions/0/")

    assert list(Style.objects.order_by("version").values_list("off", flat=True)) == [["shouting"], []]
