"""Rights inside the query: whatever others have, a person finds and counts what is theirs (invariant 6)."""

from datetime import timedelta

import pytest

from otklik.clients.models import Client, Organisation
from otklik.desk import files, noting, searching
from otklik.desk.files import File
from otklik.desk.models import Attachment, Message, Note, Participant, StoredFile, Ticket
from otklik.desk.search import finding, places, vocabulary
from tests import make
from tests.make import DAY, NOON

pytestmark = pytest.mark.django_db
FEW = {"MOST_READ": 5, "MOST_NAMES": 5}  # so that a test's few rows are too many to be read one by one


@pytest.fixture(params=["all are read", "too many to read"])
def bounds(request, monkeypatch):
    """Either all places of a word are read, or they are too many and one's own requests are looked through."""
    if request.param == "too many to read":
        for name, value in FEW.items():
            monkeypatch.setattr(places, name, value)


@pytest.fixture
def anya():
    return make.agent()


@pytest.fixture
def boris():
    return make.agent("Борис Ким", team=make.team("Склад"))


def ours(**fields):
    return make.ticket("Здравствуйте", subject="Тема", at=NOON - 90 * DAY, **fields)


def theirs(**fields):
    fields.setdefault("sender", make.identity("gleb@other.example", "Глеб Чужой"))
    return make.ticket("Здравствуйте", subject="Тема", team_id=make.team("Склад").pk, **fields)


def found(user, text):
    """Numbers found, and how many the page says there are."""
    answer = searching.search(user, text)
    return [one.number for one in answer.found], answer.total


def learn():
    vocabulary.learn(Message.objects.values_list("pk", flat=True), Note.objects.values_list("pk", flat=True))


def test_a_note_is_found_behind_a_thousand_later_ones_of_other_teams(anya, boris, bounds):
    mine, other = ours(), theirs()
    noting.write(mine, "кракозябра в шкафу", by=anya, at=NOON - DAY)
    later = [Note(ticket=other, user=boris, at=NOON + timedelta(n), text="кракозябра") for n in range(1010)]
    Note.objects.bulk_create(later)
    learn()

    assert found(anya, "кракозябра") == ([mine.number], 1)
    assert found(boris, "кракозябра") == ([other.number], 1)


def test_a_file_is_found_behind_a_thousand_later_ones_of_other_teams(anya, boris, bounds):
    mine = ours(files=(File(files.store(b"1"), 1, "кракозябра_скан.pdf", "application/pdf"),))
    other = theirs()
    bytes_ = StoredFile.objects.get()
    message = Message.objects.get(ticket=other)
    later = [
        Attachment(message=message, file=bytes_, name=f"кракозябра_{n}.pdf", type="application/pdf")
        for n in range(1010)
    ]
    Attachment.objects.bulk_create(later)

    assert found(anya, "кракозябра") == ([mine.number], 1)
    assert found(boris, "кракозябра") == ([other.number], 1)


def test_a_file_of_a_note_is_found_behind_those_of_other_teams(anya, boris, bounds):
    mine, other = ours(), theirs()
    kept = StoredFile.objects.create(sha256=files.store(b"1"), size_bytes=1, created_at=NOON)
    for ticket, by in [(mine, anya)] + [(other, boris)] * 8:
        note = noting.write(ticket, "Смотрите файл", by=by, at=NOON)
        Attachment.objects.create(note=note, file=kept, name="кракозябра.pdf", type="application/pdf")

    assert found(anya, "кракозябра") == ([mine.number], 1)
    assert found(boris, "кракозябра") == ([other.number], 1)


def namesakes(count, name="Вера Кракозяброва"):
    """So many requests of so many clients of this name, all of another team and later."""
    like = theirs(sender=make.identity("first@other.example", name))
    people = Client.objects.bulk_create([Client(name=name) for _ in range(count)])
    fields = {"subject": "Тема", "channel": "email", "team": like.team, "created_at": NOON}
    tickets = [Ticket(client=one, last_message_at=NOON + DAY, **fields) for one in people]
    return [like, *Ticket.objects.bulk_create(tickets)]


def test_a_client_is_found_among_three_hundred_namesakes_of_other_teams(anya, boris, bounds):
    others = namesakes(310)
    mine = ours(sender=make.identity("vera.k@firm.example", "Вера Кракозяброва"))

    assert found(anya, "Кракозяброва") == ([mine.number], 1)
    numbers, total = found(boris, "Кракозяброва")
    assert (set(numbers) <= {one.number for one in others}, len(numbers), total) == (True, 20, 311)


def test_an_organisation_is_found_among_many_of_that_name_of_other_teams(anya, boris, bounds):
    others = namesakes(8, "Вера Соколова")
    for ticket in others:
        firm = Organisation.objects.create(name="ООО «Кракозябра»")
        Client.objects.filter(pk=ticket.client_id).update(organisation=firm)
    mine = ours(sender=make.identity("vera.k@firm.example", "Ольга"))
    Client.objects.filter(pk=mine.client_id).update(
        organisation=Organisation.objects.create(name="АО «Кракозябра»")
    )

    assert found(anya, "кракозябра") == ([mine.number], 1)
    assert found(boris, "кракозябра")[1] == 9


def test_a_part_of_an_address_is_found_among_those_of_other_teams(anya, boris, bounds):
    for n in range(8):
        theirs(sender=make.identity(f"c{n}@krakozyabra.example", "Глеб"))
    mine = ours(sender=make.identity("old@krakozyabra.example", "Вера"))

    assert found(anya, "krakozyabra.exa") == ([mine.number], 1)
    assert found(boris, "krakozyabra.exa")[1] == 8


def test_one_address_that_takes_part_in_much_of_other_teams_is_found_here_too(anya, boris):
    robot = make.identity("robot@firm.example", "Робот")
    mine = ours(sender=robot)
    like = theirs(sender=robot, at=NOON)
    fields = {"subject": "Тема", "channel": "email", "team": like.team, "client_id": robot.client_id}
    more = [Ticket(created_at=NOON, last_message_at=NOON + DAY, **fields) for _ in range(1010)]
    tickets = Ticket.objects.bulk_create(more)
    Participant.objects.bulk_create(
        [Participant(ticket=one, identity=robot, part="requester", since=NOON) for one in tickets]
    )

    assert found(anya, "robot@firm.example") == ([mine.number], 1)
    assert found(boris, "robot@firm.example")[1] == 1000  # shown as «1000+»


def test_a_number_is_found_behind_a_thousand_that_begin_alike(anya, boris):
    mine, like = ours(), theirs()
    Ticket.objects.filter(pk=mine.pk).update(number=123_999)
    fields = {"subject": "Тема", "channel": "email", "team": like.team, "client_id": like.client_id}
    ended = {"created_at": NOON, "last_message_at": NOON}
    numbers = [*range(1230, 1240), *range(12_300, 12_400), *range(123_000, 123_999)]
    Ticket.objects.bulk_create([Ticket(number=n, **fields, **ended) for n in numbers])

    assert found(anya, "123") == ([123_999], 1)
    assert found(boris, "123")[1] == 1000


def common(user, text, **fields):
    """A request of the other team that says it; the word gets common by them."""
    return [theirs_saying(text, n, **fields) for n in range(12)]


def theirs_saying(text, n, **fields):
    sender = make.identity(f"c{n}@other.example", "Глеб")
    return make.ticket(
        text, subject="Тема", team_id=make.team("Склад").pk, sender=sender, at=NOON + n * DAY, **fields
    )


@pytest.fixture
def latest_only(monkeypatch):
    for name, value in FEW.items():
        monkeypatch.setattr(places, name, value)
    monkeypatch.setattr(finding, "LATEST", 0.05)


def test_a_letter_with_a_common_word_is_found_and_counted_where_one_sees_few_requests(anya, latest_only):
    mine = make.ticket("кракозябра", subject="Тема", at=NOON - DAY)
    common(anya, "кракозябра")
    learn()

    answer = searching.search(anya, "кракозябра")

    assert ([one.number for one in answer.found], answer.total) == ([mine.number], 1)
    assert not answer.of_latest  # all of what they may see was looked through


def test_words_that_are_all_common_are_found_across_the_letters_of_ones_own(anya, boris, latest_only):
    mine = make.ticket("кракозябра", subject="Тема", at=NOON - DAY)
    make.received("барсук", ticket=mine, at=NOON)
    for n, other in enumerate(common(anya, "кракозябра")):
        make.received("барсук", ticket=other, sender=make.identity(f"c{n}@other.example"), at=NOON + 30 * DAY)
    learn()

    assert found(anya, "кракозябра барсук") == ([mine.number], 1)
    assert found(boris, "кракозябра барсук")[1] == 12


def test_a_common_word_and_a_name_are_found_among_ones_own(anya, boris, latest_only):
    mine = make.ticket(
        "барсук", subject="Тема", sender=make.identity("v@firm.example", "Вера Кракозяброва"), at=NOON - DAY
    )
    common(anya, "барсук")
    others = namesakes(8)
    make.received("барсук", ticket=others[0], sender=make.identity("first@other.example"), at=NOON + 99 * DAY)
    learn()

    assert found(anya, "барсук Кракозяброва") == ([mine.number], 1)
    assert found(boris, "барсук Кракозяброва") == ([others[0].number], 1)


def test_across_letters_it_is_told_when_only_the_latest_were_read(boris, latest_only, monkeypatch):
    monkeypatch.setattr(places, "OWN", 3)
    for n, other in enumerate(common(boris, "кракозябра")):
        make.received("барсук", ticket=other, sender=make.identity(f"c{n}@other.example"), at=NOON + 30 * DAY)
    learn()

    assert searching.search(boris, "кракозябра барсук").of_latest


def test_it_is_told_when_names_were_looked_for_among_the_latest_requests_alone(anya, boris, monkeypatch):
    monkeypatch.setattr(places, "MOST_NAMES", 5)
    namesakes(10)
    mine = ours(sender=make.identity("vera.k@firm.example", "Вера Кракозяброва"))
    monkeypatch.setattr(places, "OWN", 8)

    answer = searching.search(boris, "Кракозяброва")
    own = searching.search(anya, "Кракозяброва")

    assert (len(answer.found) < 11, answer.of_latest) == (True, True)
    assert ([one.number for one in own.found], own.of_latest) == ([mine.number], False)
