"""What a person typed, understood: words with every way to write them, phrases, «-without», a number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from otklik import replica, rows
from otklik.russian import spelling

LONGEST = 200
MOST_WORDS = 12
_PIECE = re.compile(r'(-?)["«„]([^"»“]+)["»“]|(\S+)')
_EDGES = "\"'«»„“”.,;:!?()[]{}<>|&*~^#№…"
_DIGITS = re.compile(r"[\d\s()+.-]{5,}")
_HAS_PARTS = re.compile(r"(?=.*[\d@.])[\w@.+/-]{4,60}")

# Each way of each word at once: lexemes, how many messages have them, words that look the same, words it is a part of.
_LEARN = """
SELECT asked.n, asked.way, said.lexemes,
       CASE WHEN asked.is_phrase THEN phraseto_tsquery('pg_catalog.russian', asked.way)::text ELSE '' END,
       (SELECT min(coalesce(w.count, CASE WHEN length(one) > 2 THEN 0 END))
          FROM unnest(said.lexemes) one LEFT JOIN desk_word w ON w.lexeme = one),
       known.count, known.lexemes,
       CASE WHEN cardinality(said.lexemes) = 1 THEN
         ARRAY(SELECT w.lexeme FROM desk_word w WHERE w.keys @> ARRAY['=' || said.lexemes[1]]::varchar[] LIMIT 10) END,
       CASE WHEN asked.has_parts THEN
         ARRAY(SELECT w.lexeme FROM desk_word w WHERE w.keys @> otklik_parts(asked.way)::varchar[]
                  AND position(asked.way IN w.lexeme) > 0 ORDER BY w.count DESC LIMIT 30) END,
       (SELECT max(id) FROM desk_message)
  FROM unnest(%(n)s::int[], %(way)s::text[], %(is_phrase)s::bool[], %(has_parts)s::bool[], %(forms)s::text[])
         AS asked (n, way, is_phrase, has_parts, forms),
       LATERAL (SELECT tsvector_to_array(to_tsvector('pg_catalog.russian', asked.way)) AS lexemes,
                       tsvector_to_array(to_tsvector('pg_catalog.russian', asked.forms)) AS forms) said,
       LATERAL (SELECT sum(w.count)::bigint AS count, array_agg(w.lexeme) AS lexemes FROM desk_word w
                 WHERE w.lexeme = ANY(said.forms)) known
"""
_COLUMNS = ("n", "way", "is_phrase", "has_parts", "forms")
# How many messages have all of these, about, as the planner knows it: words of one and two letters are not learnt.
_GUESS = """
SELECT coalesce(min(coalesce(known.share, 0)) * (
         SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'desk_message'::regclass), 0)::bigint
  FROM unnest(%(lexemes)s::text[]) AS asked (lexeme) LEFT JOIN (
    SELECT common.lexeme, common.share FROM pg_stats,
           unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common (lexeme, share)
     WHERE schemaname = current_schema() AND tablename = 'desk_message' AND attname = 'search') known USING (lexeme)
"""
# How many messages have a word that begins so, about; uses the index of lexemes as patterns.
_BEGUN = "SELECT coalesce(sum(count), 0)::bigint FROM desk_word WHERE lexeme ~>=~ %(first)s AND lexeme ~<~ %(last)s"


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase. ways: sets of lexemes, any of which will do; query: the same as a tsquery of PostgreSQL."""

    typed: str
    query: str
    ways: tuple[tuple[str, ...], ...]
    count: int  # messages that have it, about
    without: bool = False
    is_phrase: bool = False

    @property
    def stem(self) -> str:
        """The first lexeme: what names are looked for by."""
        return self.ways[0][0]

    @property
    def lexemes(self) -> set[str]:
        return {one for way in self.ways for one in way}


@dataclass(frozen=True, slots=True)
class Asked:
    """terms: all must be there, those `without` must not. number: of a request, when only digits were typed."""

    text: str
    terms: tuple[Term, ...] = ()
    number: str = ""
    digits: str = ""  # of a telephone: seven and more, whatever stood between them
    newest: int = 0  # the highest id of a message
    prefix: bool = False  # the last word is only begun

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(one for one in self.terms if not one.without)

    @property
    def query(self) -> str:
        return query_of(self.terms)

    @property
    def expected(self) -> int:
        """Messages that have all of it: not more than the rarest word has."""
        return min((one.count for one in self.wanted), default=0)


@dataclass(slots=True)
class _Typed:
    word: str
    is_phrase: bool = False
    without: bool = False
    ways: list[str] = field(default_factory=list)


def query_of(terms: Sequence[Term]) -> str:
    return " & ".join(f"!({one.query})" if one.without else f"({one.query})" for one in terms)


def read(text: str) -> Asked:
    """text: anything. One statement, one more for each word of a letter or two; no terms when nothing is asked for."""
    text = " ".join(text.replace("\x00", " ").split())[:LONGEST]
    typed = [one for match in _PIECE.finditer(text) if (one := _piece(match))][:MOST_WORDS]
    bare = text.lstrip("№#").strip()
    number = bare if bare.isascii() and bare.isdigit() and len(bare) < 19 else ""
    digits = re.sub(r"\D", "", text) if _DIGITS.fullmatch(text) else ""
    asked = Asked(
        text, number=number, digits=digits[1:] if digits[:1] in "78" and len(digits) == 11 else digits
    )
    return _learnt(asked, typed) if typed else asked


def begun(asked: Asked) -> Asked | None:
    """The same with the last word taken for a beginning; None when it is too short for that. One statement."""
    terms = asked.terms
    if not terms or terms[-1].without or terms[-1].is_phrase or len(terms[-1].stem) < 3:
        return None
    last = terms[-1]
    query = " | ".join(_all(way, ":*") for way in last.ways)
    begins = {"first": last.stem, "last": last.stem + "\U0010ffff"}
    ((count,),) = rows.ask(_BEGUN, begins, of=replica.connection())
    return replace(asked, terms=(*terms[:-1], replace(last, query=query, count=count)), prefix=True)


def _piece(match: re.Match[str]) -> _Typed | None:
    minus, phrase, word = match.groups()
    if phrase:
        folded = spelling.fold(phrase)
        return _Typed(folded, is_phrase=True, without=bool(minus), ways=[folded])
    without = len(word) > 2 and word[0] == "-" and not word[1:].isdigit()
    plain = spelling.fold(word[1:] if without else word).strip(_EDGES)
    if not re.search(r"\w", plain):
        return None
    return _Typed(plain, without=without, ways=[plain, *_other_alphabets(plain)])


def _other_alphabets(word: str) -> list[str]:
    """Where letters of two alphabets, or letters and digits, stand in one word, any of its twins may be meant."""
    has_digits = any(one.isdigit() for one in word)
    return spelling.twins(word) if has_digits or spelling.is_mixed(word) else []


def _learnt(asked: Asked, typed: Sequence[_Typed]) -> Asked:
    ways = [
        (n, way, one.is_phrase, not one.is_phrase and bool(_HAS_PARTS.fullmatch(way)), _forms(one, way))
        for n, one in enumerate(typed)
        for way in one.ways
    ]
    columns = (list(column) for column in zip(*ways, strict=True))
    learnt = rows.ask(_LEARN, dict(zip(_COLUMNS, columns, strict=True)), of=replica.connection())
    terms = [
        term for n, one in enumerate(typed) if (term := _term(one, [row for row in learnt if row[0] == n]))
    ]
    return replace(asked, terms=tuple(terms), newest=learnt[0][-1] or 0)


def _forms(typed: _Typed, way: str) -> str:
    return "" if typed.is_phrase else " ".join(spelling.cases(way))


def _term(typed: _Typed, learnt: Sequence[tuple[object, ...]]) -> Term | None:
    """None for words so common that the vectors leave them out («и», «не»)."""
    ways: list[tuple[str, ...]] = []
    phrase, count = "", 0
    for _n, _way, lexemes, as_phrase, counted, counted_forms, forms, looks, parts, _newest in learnt:
        if not isinstance(lexemes, list) or not lexemes:
            continue
        phrase = phrase or str(as_phrase)
        known = [one for one in (counted_forms, counted) if isinstance(one, int)]
        count += known[0] if known else _guessed(lexemes)
        ways.append(tuple(lexemes))
        if len(lexemes) == 1:
            others = [*_listed(forms), *_listed(looks), *_listed(parts)]
            ways += [(one,) for one in others if one != lexemes[0]]
    if not ways:
        return None
    query = phrase or " | ".join(dict.fromkeys(_all(way) for way in ways))
    return Term(typed.word, query, tuple(dict.fromkeys(ways)), count, typed.without, typed.is_phrase)


def _guessed(lexemes: list[str]) -> int:
    """Runs a query."""
    ((count,),) = rows.ask(_GUESS, {"lexemes": lexemes}, of=replica.connection())
    return int(count)


def _listed(value: object) -> list[str]:
    return value if isinstance(value, list) else []


def _all(lexemes: Sequence[str], ending: str = "") -> str:
    """These lexemes together, quoted for PostgreSQL."""
    quoted = ["'" + one.replace("\\", "\\\\").replace("'", "''") + "'" + ending for one in lexemes]
    return f"({' & '.join(quoted)})" if len(quoted) > 1 else quoted[0]
