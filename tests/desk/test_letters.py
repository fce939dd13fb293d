"""The HTML of letters: nothing runs, nothing phones home until asked, and it can't keep a worker busy."""

from urllib.parse import quote

import pytest
from django.urls import reverse

from otklik.desk import files, letters
from otklik.desk.files import File
from tests import make

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def safe(html, *, remote=False):
    return letters.safe(html, cid=lambda name: f"/cid/{name}", remote=remote)


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<svg onload=alert(1)></svg>",
        "<iframe src='//evil.example'></iframe>",
        "<form action='//evil.example'><input name=p></form>",
        "<meta http-equiv=refresh content='0;url=//evil.example'>",
        "<link rel=stylesheet href='//evil.example/x.css'>",
        "<base href='//evil.example/'>",
        "<p style=\"background:url('//evil.example/x.gif')\">x</p>",
        "<p style='behavior:url(x);position:fixed;inset:0'>x</p>",
        "<style>@import url(//evil.example/x.css)</style>",
        "<object data='//evil.example'></object><embed src='//evil.example'>",
        "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<a href='//evil.example'>x</a>",
    ],
)
def test_what_could_run_or_phone_home_is_gone(evil):
    shown = safe(evil)

    for sign in [
        "alert",
        "evil.example",
        "<form",
        "<iframe",
        "javascript:",
        "position",
        "behavior",
        "onload",
    ]:
        assert sign not in shown


def test_what_makes_a_letter_readable_stays():
    shown = safe('<table border="1"><tr><td style="color:red">12 400 ₽</td></tr></table><b>важно</b>')

    assert '<td style="color:red">12 400 ₽</td>' in shown
    assert "<b>важно</b>" in shown


def test_links_open_apart_and_say_nothing_of_us():
    shown = safe('<a href="https://kvarts.example">сайт</a>')

    assert 'rel="noopener noreferrer nofollow"' in shown
    assert 'target="_blank"' in shown


def test_remote_pictures_wait_until_they_are_asked_for():
    letter = '<img src="https://kvarts.example/logo.png">'

    assert "kvarts.example" not in safe(letter)
    assert "https://kvarts.example/logo.png" in safe(letter, remote=True)


def test_pictures_of_the_letter_itself_come_from_our_address():
    assert 'src="/cid/logo@kvarts"' in safe('<img src="cid:logo@kvarts">')


@pytest.mark.parametrize("path", ["/desk/5/", "?pictures=1", "cid:logo", " \tjavascript:1", "\x00data:,x"])
def test_a_link_leads_out_of_our_pages_or_nowhere(path):
    assert "href" not in safe(f'<a href="{path}">подробнее</a>')
    assert 'href="mailto:a@kvarts.example"' in safe('<a href="mailto:a@kvarts.example">написать</a>')


@pytest.mark.parametrize("broken", ["", "a%00b", "<>"])
def test_a_picture_without_a_readable_name_is_left_out(broken):
    assert safe(f'до <img src="cid:{broken}"> после') == "до <img> после"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["ab/cd+ef==@kvarts", "logo@kvarts", "лого 1", "50%"])
def test_a_picture_is_found_by_any_name_a_mail_program_gives_it(client, name):
    kept = File(files.store(PICTURE), len(PICTURE), "логотип.png", "image/png", name, inline=True)
    message = make.received(html=f'<img src="cid:{quote(name)}">', files=(kept,))
    client.force_login(make.agent())

    shown = client.get(reverse("desk:letter", args=[message.pk])).text
    source = shown.partition('<img src="')[2].partition('"')[0]

    assert read(client.get(source)) == PICTURE


@pytest.mark.django_db
def test_a_picture_by_a_name_that_nothing_can_have_is_not_found(client):
    message = make.received(html="<p>привет</p>")
    client.force_login(make.agent())
    assert client.get(f"/desk/letters/{message.pk}/pictures/a%00b").status_code == 404


def test_a_bomb_of_tags_is_cut_before_it_is_cleaned():
    bomb = "<div>" * 3_000_000

    assert len(safe(bomb)) < letters.MOST_TAGS * 20


@pytest.mark.django_db
def test_the_frame_has_a_policy_of_its_own_and_lets_nothing_run(client):
    message = make.received(html="<p>привет</p>")
    client.force_login(make.agent())

    answer = client.get(reverse("desk:letter", args=[message.pk]))

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "allow-scripts" not in policy
    assert "https:" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.django_db
def test_asking_for_pictures_lets_remote_ones_in(client):
    message = make.received(html='<img src="https://kvarts.example/logo.png">')
    client.force_login(make.agent())

    answer = client.get(reverse("desk:letter", args=[message.pk]), {"pictures": "1"})

    assert "img-src 'self' data: http: https:" in answer.headers["Content-Security-Policy"]
    assert "kvarts.example/logo.png" in answer.text


def with_file(content, name):
    kept = File(files.store(content), len(content), name, "image/png")
    return make.received(files=(kept,)).attachments.get()


def read(answer):
    return b"".join(answer.streaming_content)


@pytest.mark.django_db
def test_a_file_is_always_a_download_that_nothing_sniffs(client):
    page = with_file(b"<script>alert(1)</script>", 'отчёт"\r\n.html')
    client.force_login(make.agent())

    answer = client.get(reverse("desk:file", args=[page.pk]))

    assert read(answer) == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%D0%BE%D1%82")


@pytest.mark.django_db
def test_only_true_pictures_are_shown_inside_a_page(client):
    client.force_login(make.agent())
    lie = with_file(b"<svg onload=alert(1)>", "рисунок.png")
    assert client.get(reverse("desk:picture", args=[lie.pk])).status_code == 404

    true = with_file(b"\x89PNG\r\n\x1a\n" + b"\x00" * 20, "рисунок.html")
    answer = client.get(reverse("desk:picture", args=[true.pk]))
    assert (read(answer)[:4], answer.headers["Content-Type"]) == (b"\x89PNG", "image/png")
