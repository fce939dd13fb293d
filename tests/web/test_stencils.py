"""Stencils: drawn once, filled with what is escaped, one for each language and set of flags."""

from django.utils import translation
from django.utils.safestring import mark_safe

from otklik.web import stencils
from otklik.web.clocks import Clock
from otklik.web.stencils import fill, hole

CHIP = "clock-chip.html"


def chip(words, mood="calm"):
    blank = Clock(mood, "", "", hole("chip"), hole("rest"))
    return fill(CHIP, {"chip": words, "rest": ""}, {"clock": blank})


def test_words_of_people_are_escaped_and_safe_html_is_not():
    assert "<b>&lt;b&gt;1&lt;/b&gt;</b>" in chip("<b>1</b>")
    assert "<b><i>1</i></b>" in chip(mark_safe("<i>1</i>"))


def test_a_word_that_looks_like_a_hole_stays_a_word():
    assert hole("rest") in chip(hole("rest"))


def test_a_template_is_drawn_once_for_each_set_of_flags():
    stencils._drawn.cache_clear()
    for words in ("первый", "второй", "третий"):
        assert words in chip(words)
    assert "clock--late" in chip("к 14:30", mood="late")

    assert stencils._drawn.cache_info().misses == 2


def test_each_language_has_its_own():
    holes = {"here": "/desk/1/"}
    russian = fill("desk/card-bones.html", holes)
    with translation.override("en"):
        english = fill("desk/card-bones.html", holes)

    assert "Показать карточку" in russian
    assert "Показать карточку" not in english
