"""The HTML of a letter made safe: an allow-list, no script, no form, no foreign pictures until asked."""

from collections.abc import Callable
from urllib.parse import unquote

import nh3
from django.utils.translation import get_language
from django.utils.translation import gettext as _

LONGEST = 1_000_000  # characters; a longer letter is shown by its beginning, the rest is in its text
MOST_TAGS = 20_000  # counted before the cleaner: a bomb of tags must not keep a worker busy
_TAGS = (
    "a abbr b big blockquote br caption center code col colgroup dd div dl dt em font h1 h2 h3 h4 "
    "h5 h6 hr i img li ol p pre s small span strike strong sub sup table tbody td tfoot th thead "
    "tr u ul wbr"
)
TAGS = set(_TAGS.split())
_SHAPE = {"align", "valign", "width", "height", "bgcolor", "style", "dir", "lang", "title"}
ATTRIBUTES = {
    "*": _SHAPE,
    "a": {"href", *_SHAPE},
    "img": {"src", "alt", "border", *_SHAPE},
    "font": {"color", "face", "size", *_SHAPE},
    "table": {"border", "cellpadding", "cellspacing", *_SHAPE},
    "td": {"colspan", "rowspan", *_SHAPE},
    "th": {"colspan", "rowspan", *_SHAPE},
    "ol": {"start", "type", *_SHAPE},
}
_STYLES = (
    "background-color border border-bottom border-collapse border-color border-left border-radius "
    "border-right border-spacing border-style border-top border-width color direction display "
    "font font-family font-size font-style font-weight height letter-spacing line-height margin "
    "margin-bottom margin-left margin-right margin-top max-width min-width padding padding-bottom "
    "padding-left padding-right padding-top text-align text-decoration text-indent vertical-align "
    "white-space width word-break word-wrap"
)
STYLES = set(_STYLES.split())
LINKS = ("http://", "https://", "mailto:", "tel:")  # not data:, nor a path that would be one of our own pages
NOT_SHOWN = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


def has_remote(html: str) -> bool:
    """Whether the letter names pictures of other servers: then the button «Показать картинки» stands."""
    low = html[:LONGEST].lower()
    return "<img" in low and ("http://" in low or "https://" in low)


def safe(html: str, *, cid: Callable[[str], str], remote: bool) -> str:
    """Cleaned HTML of a letter's body. cid: the address of a picture by its Content-ID; remote: let foreign ones in."""

    def checked(tag: str, name: str, value: str) -> str | None:
        if tag == "img" and name == "src":
            return _source(value, cid, remote)
        if name == "href" and not value.strip().lower().startswith(LINKS):
            return None
        if name == "style" and "url(" in value.lower():
            return None
        return value

    return nh3.clean(
        _cut(html),
        tags=TAGS,
        clean_content_tags={"script", "style", "title", "noscript", "template", "object", "embed"},
        attributes=ATTRIBUTES,
        attribute_filter=checked,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        filter_style_properties=STYLES,
    )


def document(body: str) -> str:
    """A page for the frame. Letters are drawn for white paper, so the frame is white in both themes."""
    look = "body{margin:12px;font:16px/1.5 system-ui,sans-serif;color:#1c1e21;background:#fff;overflow-wrap:anywhere}"
    shapes = (
        "img{max-width:100%;height:auto}table{max-width:100%}blockquote{margin:0 0 0 8px;padding-left:8px}"
    )
    return (
        f'<!doctype html><html lang="{get_language()}"><head><meta charset="utf-8"><title>{_("Письмо")}</title>'
        f"<style>{look}{shapes}</style></head><body>{body}</body></html>"
    )


def _source(value: str, cid: Callable[[str], str], remote: bool) -> str | None:
    low = value.strip().lower()
    if low.startswith("cid:"):
        name = unquote(value.strip()[4:]).strip("<>")  # RFC 2392: the id is escaped in the address
        return cid(name) if name.isprintable() and name else None
    if low.startswith("data:image/") and not low.startswith("data:image/svg"):
        return value
    if low.startswith(("http://", "https://")):
        return value if remote else NOT_SHOWN
    return None


def _cut(html: str) -> str:
    """The beginning that holds no more than the allowed number of tags."""
    html = html[:LONGEST]
    if html.count("<") <= MOST_TAGS:
        return html
    place = -1
    for _step in range(MOST_TAGS):
        place = html.index("<", place + 1)
    return html[:place]
