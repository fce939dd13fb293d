"""«Какие сроки обещать»: from letters and answers to the sentence, the row that is taken, and the terms it fills."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.utils import timezone

from otklik.desk.models import Tag, Ticket
from otklik.journal.models import Entry
from otklik.sla import agreements
from otklik.sla.advice import asking, forms, history, proposing, proposing_said, said
from otklik.sla.advice.asking import Asked
from otklik.sla.advice.history import Wanted
from otklik.sla.advice.proposing import Figure
from otklik.sla.advice.proposing_said import Outcome
from otklik.sla.advice.subjects import Subject
from otklik.sla.agreeing import Draft
from otklik.sla.models import Agreement, Proposal
from otklik.sla.terms import PRIORITIES, Terms
from tests import make
from tests.sla import lives
from tests.sla.advice import answered
from tests.sla.lives import HOUR, on

pytestmark = pytest.mark.django_db
ADDRESS = "/settings/advice/"
MINUTES = range(1, 111)  # nine of ten are 99


def entered(who):
    browser = Browser()
    browser.force_login(who)
    return browser


@pytest.fixture
def lead():
    return entered(make.agent("Вера Чижова", role="lead"))


@pytest.fixture
def boss():
    return entered(make.admin())


def monday(weeks=1):
    """Ten in the morning of a working Monday in Moscow, so many weeks ago."""
    now = timezone.now()
    return (now - timedelta(days=now.weekday() + 7 * weeks)).replace(
        hour=7, minute=0, second=0, microsecond=0
    )


def busy(minutes=MINUTES, **fields):
    """An agreement of office hours with requests that took so long."""
    version = fields.pop("version", None) or lives.agreement(name="Бизнес")
    since = fields.pop("since", monday())
    answered.requests(version, minutes, since=since, by=make.agent("Аня Орлова"), **fields)
    return version


def asked(version, *, what="response", tag=None, share=90, minutes=None):
    return Asked(Subject(tag, 1, what), share, version.agreement, minutes)


def words(answer):
    return answer.text.replace("\xa0", " ")


def test_answers_of_all_are_counted_by_the_hours_of_the_agreement_that_is_to_promise():
    version = busy([30, 60, None], since=on("02 17:40"))  # twenty minutes of work are left that day

    told = history.of(Wanted(None, 1, version.pk), on("03 10:00"))

    assert sorted(told.responses()) == [(1200, True), (1200, True), (4800, False)]
    assert (told.population, told.drawn) == (3, 3)
    always = lives.agreement(lives.calendar("Всегда", tz="Europe/Moscow", always=True), name="Всегда")
    again = history.of(Wanted(None, 1, always.pk), on("03 10:00"))
    assert sorted(one for one, _over in again.responses()) == [1800, 3600, 58800]


def test_a_service_a_priority_and_half_a_year_narrow_it_and_spam_is_left_out():
    hosting = Tag.objects.create(name="хостинг")
    version = busy([10, 20], since=on("02 09:00"), tag=hosting)
    other = busy([30], since=on("03 09:00"), version=version)
    answered.requests(other, [40], since=on("02 09:00") - timedelta(days=200), by=make.agent())

    def seen(tag=None, priority=1):
        return history.of(Wanted(tag, priority, version.pk), on("10 09:00")).population

    assert (seen(), seen(hosting.pk), seen(priority=3)) == (3, 2, 0)
    hosting.tickets.update(state="spam")
    assert (seen(), seen(hosting.pk)) == (1, 0)


def test_it_never_walks_back_further_than_it_may_and_draws_the_same_lot_again(monkeypatch):
    version = busy([10, 20, 30, 40], since=on("02 09:00"))
    wanted = Wanted(None, 1, version.pk)

    monkeypatch.setattr(history, "MOST", 2)
    drawn = history.of(wanted, on("10 09:00"))
    assert (drawn.population, drawn.drawn) == (4, 2)
    assert list(history.of(wanted, on("10 09:00")).facts) == list(drawn.facts)
    monkeypatch.setattr(history, "LOOKED_AT", 1)
    assert history.of(wanted, on("10 09:00")).population == 1


def test_the_busiest_hour_of_working_days_and_the_time_between_two_answers(monkeypatch):
    version = busy([5 * n for n in range(1, 61)], since=on("02 09:00"))
    monkeypatch.setattr(history, "GAPS", 5)

    told = history.pace(version.pk, "Europe/Moscow", on("06 18:00"))

    assert (told.hour, told.per_hour, told.handling_s, told.answers) == (9, 60 / 5, 300, 1)
    quiet = history.pace(version.pk, "Europe/Moscow", on("02 08:00"))
    assert (quiet.per_hour, quiet.handling_s) == (0, None)


def test_a_lead_reads_one_sentence_how_sure_it_is_and_what_to_beware_of(lead):
    version = busy([*MINUTES, *[None] * 4])

    html = words(lead.get(ADDRESS, {"agreement": version.agreement_id}))

    for told in (
        "Обещайте первый ответ за 2 рабочих часа: так бывает в 9 случаях из 10.", "не меньше 100 случаев за полгода",
        "Сейчас соглашение обещает 4 ч", "советуем: 2 ч", "обещаем сейчас: 4 ч", "То же в цифрах", 'role="img"',
        "Предложить для соглашения", "и ловушки здесь нет", "Открытые запросы тоже в счёте",
    ):  # fmt: skip
        assert told in html
    assert "Взять в" not in html


def test_who_sees_all_reads_how_many_and_too_few_are_told_so_with_what_there_is(boss):
    version = busy(MINUTES[:60])

    html = words(boss.get(ADDRESS, {"agreement": version.agreement_id}))

    assert "Мало данных: срок советуем по 100 случаям, а у нас готовы только 60 случаев." in html
    assert "Пока видно так: 9 случаев из 10" in html
    assert "Взять в" not in html
    empty = words(boss.get(ADDRESS, {"priority": 3}))
    assert "срок советуем по 100 случаям, а готовых пока нет." in empty


def test_the_levels_get_times_that_keep_the_solution(boss):
    version = busy(second=make.team("Хостинг", level=2))

    html = words(boss.get(ADDRESS, {"agreement": version.agreement_id, "what": "resolution"}))

    assert "Обещайте решение за 4 рабочих часа" in html
    assert "Если каждый уровень уложится в свой срок в 9 из 10 случаев, вместе за 4 ч успеем" in html
    assert "Уровень 2" in html
    assert "Сколько людей" not in html


def test_people_are_counted_by_the_journal_or_by_what_the_lead_says(boss):
    version = busy()

    html = words(boss.get(ADDRESS, {"agreement": version.agreement_id, "minutes": 30}))

    for told in ("Самый людный час — с 10 до 11", "на ответ уходит минут: 30", "Держат этот срок", "хватает"):
        assert told in html
    found = asking.find(asked(version, minutes=30), timezone.now())
    assert [one.is_enough for one in found.crew.steps].count(True) == 1
    assert said.step_rows(found.crew, 8 * HOUR)[-1].look == ""
    Ticket.objects.filter(pk__in=Ticket.objects.values("pk")[:5]).update(priority=3)
    rare = replace(asked(version, minutes=30), subject=Subject(None, 3, "response"))
    assert asking.find(rare, timezone.now()).crew.load == found.crew.load


def test_what_cannot_be_asked_is_said_at_its_field_and_the_rest_is_kept(lead):
    answer = lead.get(ADDRESS, {"share": "50", "priority": "2", "minutes": "0"})

    assert answer.status_code == 422
    assert "Выберите корректный вариант" in answer.text
    assert '<option value="2" selected>' in answer.text
    assert lead.get(ADDRESS, {"agreement": "777"}).status_code == 422
    assert lead.get(ADDRESS, {"tag": "777"}).status_code == 422
    assert lead.get(ADDRESS).status_code == 200


def test_the_page_asks_the_database_as_often_for_many_requests_as_for_few(
    lead, django_assert_max_num_queries
):
    version = busy()
    lead.get(ADDRESS, {"agreement": version.agreement_id})

    with django_assert_max_num_queries(34):
        lead.get(ADDRESS, {"agreement": version.agreement_id})


def taken(browser, version, **fields):
    values = {"agreement": version.agreement_id, "seen": 2 * HOUR, "into": "this", **fields}
    return browser.post(f"{ADDRESS}taken/", values)


def test_what_is_taken_fills_the_form_of_the_terms_and_nothing_changes_until_they_are_saved(boss):
    version = busy()

    answer = taken(boss, version)

    row = Proposal.objects.get()
    assert answer.url == f"/settings/agreements/{version.agreement_id}/terms/?proposal={row.pk}"
    assert (row.proposed_s, row.kind, row.share, row.cases, row.taken_at) == (
        2 * HOUR,
        "response",
        90,
        110,
        None,
    )
    form = boss.get(answer.url)
    assert form.context["form"].initial["response-normal"] == 2 * HOUR
    assert form.context["form"].initial["response-high"] == 2 * HOUR
    assert "Вписали предложение: первый ответ, важность обычная: 2 ч" in words(form)
    assert (
        agreements.terms(agreements.current(version.agreement_id, timezone.now()).pk).target("response", 1)
        == 4 * HOUR
    )
    assert Entry.objects.filter(word="target.proposed").count() == 1


def saved(browser, version, pk, **fields):
    """The form as it stands, sent as a browser does, looked at and saved."""
    address = f"/settings/agreements/{version.agreement_id}/terms/"
    page = browser.get(f"{address}?proposal={pk}")
    data = {
        one.html_name: one.value() for some in (page.context["form"], page.context["when"]) for one in some
    }
    data = {name: one for name, one in data.items() if one is not None}
    (hidden,) = re.findall(r'name="proposal" value="([^"]*)"', page.text)
    looked = browser.post(f"{address}?proposal={pk}", {**data, "proposal": hidden, **fields})
    carried = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', looked.text)
    return browser.post(address, {**data, **dict(carried), **fields, "step": "save"})


def test_who_saves_the_terms_takes_the_proposal_and_may_take_another_time(boss):
    version = busy()
    taken(boss, version)
    row = Proposal.objects.get()

    assert saved(boss, version, row.pk, **{"response-normal": "3 ч"}).status_code == 302

    row.refresh_from_db()
    assert (row.proposed_s, row.taken_s, row.taken_by.name) == (2 * HOUR, 3 * HOUR, "Ада Главная")
    assert row.version.number == 2
    assert Entry.objects.filter(word="target.taken").count() == 1
    page = words(boss.get(ADDRESS, {"agreement": version.agreement_id}))
    assert "мы взяли 3 ч в «Бизнес» (Ада Главная)" in page
    assert "Теперь выходит почти столько же." in page


def test_a_lead_proposes_and_the_administrator_finds_it_among_the_agreements(lead, boss):
    version = busy()

    answer = taken(lead, version, into="new")
    assert answer.url.startswith(f"{ADDRESS}?what=response")

    html = words(boss.get("/settings/agreements/"))
    pk = Proposal.objects.get().pk
    assert "Вера Чижова" in html
    assert f"/settings/agreements/new/?proposal={pk}" in html
    fields = {"name": "Новый", "rank": 2, "calendar": version.agreement.calendar_id}
    made = boss.post(f"/settings/agreements/new/?proposal={pk}", fields)
    assert made.url.endswith(f"/terms/?proposal={pk}")


def test_nobody_takes_what_the_figures_do_not_say(boss):
    version = busy()

    assert "цифры изменились" in words(taken(boss, version, seen=HOUR))
    assert "Предложить нечего" in words(taken(boss, version, priority=3))
    assert taken(boss, version, into="mine").status_code == 422
    assert Proposal.objects.count() == 0


def test_levels_are_written_in_with_the_solution(boss):
    version = busy(second=make.team("Хостинг", level=2))

    answer = taken(boss, version, what="resolution", seen=4 * HOUR)

    row = Proposal.objects.get()
    assert sorted(row.levels) == ["1", "2"]
    form = boss.get(answer.url).context["form"]
    assert form.initial["resolution-normal"] == 4 * HOUR
    assert form.initial["level1-normal"] == row.levels["1"]
    assert form.initial["level2-high"] == 8 * HOUR  # as it was


def proposal(version, **fields):
    figure = Figure(90, fields.pop("proposed_s", 2 * HOUR), 6000, 200, {})
    at = fields.pop("at", timezone.now() - timedelta(days=200))
    made = proposing.propose(Subject(None, 1, "response"), figure, version.agreement, by=make.admin(), at=at)
    Proposal.objects.filter(pk=made.pk).update(version=version, taken_s=2 * HOUR, taken_at=at)
    return made


def test_after_two_quarters_it_is_proposed_anew_beside_what_was_taken(boss):
    version = busy([one * 3 for one in MINUTES])
    proposal(version)

    listed = words(boss.get("/settings/agreements/"))
    page = words(boss.get(ADDRESS, {"agreement": version.agreement_id}))

    assert "Пора решить заново: первый ответ, важность обычная: 2 ч" in listed
    assert "Теперь выходит дольше" in page
    assert "прошло два квартала" in page
    proposal(version, at=timezone.now())
    assert "Пора решить заново" not in words(boss.get("/settings/agreements/"))


def test_what_is_due_stands_still_however_many_others_there_are_and_its_label_may_be_asked(monkeypatch, boss):
    version, now = lives.agreement(), timezone.now()
    old = proposal(version)
    Tag.objects.create(name="а")
    label = Tag.objects.create(name="хостинг")
    monkeypatch.setattr(proposing, "SHOWN", 1)
    figure = Figure(90, 2 * HOUR, 6000, 200, {})
    for n in range(11):
        other = Subject(Tag.objects.create(name=f"услуга {n}"), 0, "response")
        proposing.propose(other, figure, version.agreement, by=make.admin(), at=now)
    Proposal.objects.filter(pk=old.pk).update(tag=label)

    assert [one.pk for one in proposing.due(now)] == [old.pk]
    monkeypatch.setattr(forms, "MOST_TAGS", 1)
    assert boss.get(ADDRESS, {"tag": label.pk}).status_code == 200
    Agreement.objects.filter(pk=version.agreement_id).update(ended_at=now)
    assert proposing.due(now) == []


def test_only_the_same_share_by_the_hours_of_the_same_agreement_is_compared():
    version = lives.agreement()
    former = proposal(version)
    former.refresh_from_db()

    def said_of(share=90, agreement=version.agreement_id):
        outcome = Outcome(share, agreement, 600, HOUR, 8 * HOUR)
        return " ".join(proposing_said.compared(former, outcome, timezone.now()))

    assert "Теперь выходит быстрее" in said_of()
    for other in (said_of(share=85), said_of(agreement=version.agreement_id + 1)):
        assert "Теперь" not in other
        assert "поэтому не сравниваем" in other
        assert "прошло два квартала" in other


def test_a_proposal_is_taken_once_however_often_terms_are_saved_with_it():
    version, now = lives.agreement(), timezone.now()
    figure = Figure(90, 2 * HOUR, 6000, 200, {})
    made = proposing.propose(Subject(None, 1, "response"), figure, version.agreement, by=make.admin(), at=now)

    for hours in (2, 3):
        terms = Terms.from_dict({"targets": {"response": dict.fromkeys(PRIORITIES, hours * HOUR)}})
        at = timezone.now()
        proposing.change(version.agreement, Draft(terms, at), made, by=make.admin(), at=at)

    made.refresh_from_db()
    assert (made.taken_s, made.version.number) == (2 * HOUR, 2)
    assert Entry.objects.filter(word="target.taken").count() == 1


def test_the_database_refuses_a_proposal_below_its_bound_and_one_taken_by_halves():
    version = lives.agreement()
    made = proposal(version)

    for wrong in ({"proposed_s": 5999}, {"taken_s": None}, {"share": 100}, {"version": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=made.pk).update(**wrong)
    assert Proposal.objects.filter(pk=made.pk).update(proposed_s=6000) == 1
