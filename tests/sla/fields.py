"""What stands in the fields of a page's biggest form, to be posted back."""

from django.test import Client as Browser
from selectolax.lexbor import LexborHTMLParser, LexborNode


def fields(browser: Browser, page: str) -> dict[str, str | list[str]]:
    tree = LexborHTMLParser(browser.get(page).text)
    form = max(tree.css("form"), key=lambda one: len(one.css("[name]")))
    found: dict[str, str | list[str]] = {}
    for one in form.css("input[name], textarea[name], select[name]"):
        name = one.attributes["name"] or ""
        if one.attributes.get("type") == "checkbox":
            some = found.setdefault(name, [])
            if "checked" in one.attributes and isinstance(some, list):
                some.append(one.attributes.get("value") or "on")
        elif name != "csrfmiddlewaretoken":
            found[name] = _value(one)
    return found


def _value(one: LexborNode) -> str:
    if one.tag == "textarea":
        return one.text().removeprefix("\n")
    if one.tag == "select":
        chosen = one.css_first("option[selected]") or one.css_first("option")
        return chosen.attributes.get("value") or "" if chosen else ""
    return one.attributes.get("value") or ""
