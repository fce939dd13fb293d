"""The interface speaks Russian and English in full: catalogues are fresh, compiled, and say what the source says."""

import ast
import importlib.machinery
import importlib.util
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from django.utils import translation

SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "translations"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{\{.*?\}\}|\{\w*\}")
CYRILLIC = re.compile(r"[Ѐ-ӿ]")
# English texts that may hold Russian letters, by their beginning, each with its reason.
RUSSIAN_IN_ENGLISH = {
    "Here you are a client: you write to": "names of the example's own people stand so on the buttons",
}


@cache
def script() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("translations_script", str(SCRIPT))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@cache
def catalogue(locale: str) -> Catalog:
    found: Catalog = script().collected(locale)
    return found


def texts(locale: str) -> list[tuple[str, list[str]]]:
    """(source, its translations) of the catalogue; a plural stands under its last form."""
    return [(forms(one.id)[-1], forms(one.string)) for one in catalogue(locale) if one.id]


def forms(words: object) -> list[str]:
    return [str(one) for one in words] if isinstance(words, (tuple, list)) else [str(words)]


def edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_every_text_is_translated(locale: str) -> None:
    lacking = script().missing(catalogue(locale))
    assert not lacking, f"{locale}: write a translation and run make translations\n" + "\n".join(lacking)


def test_a_text_without_one_of_its_forms_counts_as_missing() -> None:
    half = Catalog(locale="en")
    half.add(("ответ", "ответов"), ("reply", ""))
    half.add("заметка", "note")
    assert len(script().missing(half)) == 1


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_the_catalogue_holds_the_texts_of_the_source_as_they_are_now(locale: str) -> None:
    assert script().place(locale).read_bytes() == script().written(catalogue(locale)), "run make translations"


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_the_compiled_catalogue_is_that_of_the_written_one(locale: str) -> None:
    compiled = script().place(locale).with_suffix(".mo").read_bytes()
    assert compiled == script().compiled(catalogue(locale)), "run make translations"


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_every_placeholder_stands_in_the_translation(locale: str) -> None:
    strange = [
        (source, said)
        for source, translations in texts(locale)
        for said in translations
        if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(said))
    ]
    assert strange == []


def test_spaces_at_the_ends_stay_for_the_texts_they_are_glued_to() -> None:
    strange = [(source, said) for source, (said, *_more) in texts("en") if edges(source) != edges(said)]
    assert strange == []


def test_english_texts_hold_no_russian_letters_nor_quotes() -> None:
    strange = [
        said
        for _source, translations in texts("en")
        for said in translations
        if re.search(r"[«»„]", said)
        or (CYRILLIC.search(said) and not said.startswith(tuple(RUSSIAN_IN_ENGLISH)))
    ]
    assert strange == []


def test_what_may_hold_russian_letters_is_still_there() -> None:
    english = [said for _source, translations in texts("en") for said in translations]
    unused = [start for start in RUSSIAN_IN_ENGLISH if not any(CYRILLIC.search(said) for said in english
              if said.startswith(start))]  # fmt: skip
    assert unused == []


def test_the_script_sees_texts_inside_f_strings_and_their_contexts() -> None:
    source = "f\"{_('Б')}\"; pgettext_lazy('look', 'Тема'); ngettext('%d час', '%d часов', n); _(name)"
    calls = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Call)]
    seen = {text for one in calls if (text := script().said(one))}
    assert seen == {("Б", None), ("Тема", "look"), (("%d час", "%d часов"), None)}


def test_the_pages_speak_the_language_of_the_reader() -> None:
    with translation.override("en"):
        assert translation.gettext("Входящие") == "Inbox"
    with translation.override("ru"):
        assert translation.gettext("Входящие") == "Входящие"


@pytest.mark.parametrize(("n", "said"), [(1, "1 час"), (2, "2 часа"), (5, "5 часов"), (21, "21 час")])
def test_russian_plurals_have_three_forms(n: int, said: str) -> None:
    with translation.override("ru"):
        assert translation.ngettext("%d час", "%d часов", n) % n == said


@pytest.mark.parametrize(("n", "said"), [(1, "1\N{NO-BREAK SPACE}hour"), (21, "21\N{NO-BREAK SPACE}hours")])
def test_english_plurals_have_two_forms(n: int, said: str) -> None:
    with translation.override("en"):
        assert translation.ngettext("%d час", "%d часов", n) % n == said
