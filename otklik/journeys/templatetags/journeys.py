"""Words of a letter on the client's page."""

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from otklik.desk import words
from otklik.journeys.doors import Visit
from otklik.journeys.talk import Said

register = template.Library()


@register.simple_tag
def said_words(said: Said, visit: Visit | None) -> SafeString:
    """The words with the pictures that stand in them. visit: None for an agent who looks as the client would."""
    token = visit.token if visit else ""
    pictures = {
        name: reverse("journeys:picture", args=[token, pk]) if token else reverse("desk:picture", args=[pk])
        for name, pk in said.standing.items()
    }
    return words.html(said.text, pictures)
