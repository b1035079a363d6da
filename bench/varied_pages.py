"""News pages of random build, to train the body extractor on more layouts than the gold pages have.

A page is a story or filler of the demo with random parts around it: menus, crumbs, bylines, share lines, teasers,
comments, sidebars, feet. How each part is marked up, named and placed is drawn anew for every page: paragraphs in
``<p>``, ``<div>``, table cells or between ``<br>``; class names that say what they hold, that say nothing, or none.
The templates of the demo space are not used, but its texts and the kinds of parts are: its pages test other layouts,
not other words.
"""

from __future__ import annotations

import html
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from arna.space.demo.texts import load_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from arna.space.demo.texts import Text

# What a class name may say of a part, as page builders write it.
NAMES = {
    "body": "article-body entry-content post-content text content news-text story-body full-text detail-text",
    "title": "title headline entry-title post-title news-title",
    "meta": "meta date info post-meta entry-meta time published when",
    "byline": "byline author sign author-name writer",
    "menu": "menu nav main-menu top-menu navbar topics",
    "crumbs": "breadcrumbs crumbs path bread-crumb where",
    "related": "related related-posts similar more-news also other-news anons recommended teasers news-list",
    "teaser": "item card teaser news-item post-item rel-item anons",
    "comments": "comments responses comment-list replies guestbook opinions",
    "comment": "comment reply message item c",
    "share": "share social share-buttons tools likes",
    "tags": "tags post-tags keywords tag-list",
    "sidebar": "sidebar right left side col-side aside widget-area",
    "box": "widget box block banner subscribe newsletter",
    "footer": "footer foot bottom site-footer copyright",
    "caption": "caption note photo-caption img-text",
    "wrap": "wrapper container main site page col row inner content center",
}
SEPARATORS = (" | ", " / ", " • ", " · ", " » ", " > ", " — ", ", ")


@dataclass(frozen=True)
class VariedPage:
    """A page and the paragraphs of its article, one a line."""

    url: str
    html: str
    body: str


def make_pages(count: int, seed: int = 0) -> list[VariedPage]:
    """``count`` pages, no two of one build; the same seed gives the same pages."""
    texts, chance = load_texts(), random.Random(seed)
    stories = {
        lang: [*fillers, *(event.base[lang] for event in texts.events if lang in event.base)]
        for lang, fillers in texts.fillers.items()
    }
    langs = sorted(stories) * count
    return [_Builder(chance, stories[lang], texts.furniture[lang]).build(n) for n, lang in enumerate(langs[:count])]


class _Builder:
    """Draws one page."""

    def __init__(self, chance: random.Random, stories: Sequence[Text], furniture: dict[str, Any]) -> None:
        self.chance, self.stories, self.furniture = chance, stories, furniture
        self.naming = chance.choice(("says", "says", "says nothing", "none"))
        self.in_table = chance.choice((False, False, False, True))
        self.named: dict[str, str] = {}

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def build(self, number: int) -> VariedPage:
        """Puts the parts together."""
        texts = self.chance.sample(list(self.stories), self.chance.choice((1, 1, 1, 1, 2, 3, 6)))
        self.title = texts[0].title
        paragraphs = self.cut_paragraphs([line for text in texts for line in text.paragraphs])
        main = [self.draw_title(), *self.draw_before(), self.draw_body(paragraphs), *self.draw_after()]
        if self.maybe(0.5):
            main[1:-1] = [self.wrap("".join(main[1:-1]), "wrap")]
        parts = [self.wrap("".join(main), "wrap", self.chance.choice(("div", "div", "div", "main", "article")))]
        outside = [part for part in (self.draw_related(), self.draw_comments(), self.draw_box()) if self.maybe(0.35)]
        parts = [self.wrap("".join([*parts, *outside]), "wrap") if self.maybe(0.5) else "".join([*parts, *outside])]
        sides = [self.wrap(self.draw_side(), "sidebar") for _ in range(self.chance.choice((0, 0, 1, 1, 2)))]
        for side in sides:
            parts.insert(self.chance.choice((0, len(parts))), side)
        whole = "".join([*self.draw_top(), *self.lay_out(parts), self.draw_foot()])
        head = f"<title>{html.escape(self.title)}{self.chance.choice(('', ' - Site', ' :: Site'))}</title>"
        if self.maybe(0.08):
            head = "<title>Site</title>"
        url = f"https://varied-{number % 30}.example/{number}"
        return VariedPage(url, f"<html><head>{head}</head><body>{whole}</body></html>", "\n".join(paragraphs))

    def name(self, kind: str) -> str:
        """The class attribute of a part; one page names all parts of a kind alike."""
        if kind not in self.named:
            word = self.chance.choice(NAMES[kind].split())
            if self.naming == "says nothing" or (self.naming == "says" and self.maybe(0.2)):
                word = f"{self.chance.choice(('b', 'sc-', 't', 'css-', 'x'))}{self.chance.randrange(10, 999)}"
            attribute = self.chance.choice(("class", "class", "class", "id"))
            self.named[kind] = "" if self.naming == "none" else f' {attribute}="{word}"'
        return self.named[kind]

    def wrap(self, inner: str, kind: str, tag: str = "div") -> str:
        return f"<{tag}{self.name(kind)}>{inner}</{tag}>"

    def line(self, inner: str, kind: str) -> str:
        """A short line of the page's own."""
        tag = self.chance.choice(("p", "div", "div", "span"))
        line = f"<{tag}{self.name(kind)}>{inner}</{tag}>"
        return f"<div>{line}</div>" if tag == "span" else line

    def link(self, words: str) -> str:
        return f'<a href="/{self.chance.randrange(9999)}">{html.escape(words)}</a>'

    def join(self, items: Iterable[str]) -> str:
        """Items in one line, or in a list, or one below another."""
        items = list(items)
        form = self.chance.randrange(4)
        if form == 0:
            return self.chance.choice((*SEPARATORS, " ")).join(items)
        if form == 1:
            return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
        tag = self.chance.choice(("div", "span", "p"))
        return self.chance.choice(("", " ")).join(f"<{tag}>{item}</{tag}>" for item in items)

    def heading(self, words: str) -> str:
        tag = self.chance.choice(("h2", "h3", "h4", "b", "strong", "div", "div", "p"))
        mark = self.chance.choice(("", "", ":"))
        inner = f"<{tag}>{html.escape(words)}{mark}</{tag}>"
        return f"{inner}<br>" if tag in {"b", "strong"} else inner

    def cut_paragraphs(self, paragraphs: list[str]) -> list[str]:
        """The story as it is, in single sentences, or in fewer and longer paragraphs; some with a closing credit."""
        form = self.chance.randrange(5)
        if form == 0:
            paragraphs = [line for text in paragraphs for line in text.replace(". ", ".\n").split("\n")]
        elif form == 1:
            pairs = range(0, len(paragraphs), 2)
            paragraphs = [" ".join(paragraphs[i : i + 2]) for i in pairs]
        if self.maybe(0.3):
            paragraphs = paragraphs[: self.chance.randrange(2, 9)]
        name = self.chance.choice(("TASS", "Reuters", "Укрінформ", "Kazinform", "BBC"))
        form = self.chance.randrange(6)
        if form == 0:
            paragraphs = [*paragraphs, self.furniture["credit_sentence"].format(agency=name)]
        elif form == 1:
            paragraphs = [*paragraphs, self.furniture["source_line"].format(agency=name)]
        elif form == 2:
            paragraphs = [*paragraphs, "".join(self.furniture["link_sentence"])]
        return paragraphs

    def draw_title(self) -> str:
        tag = self.chance.choice(("h1", "h1", "h1", "h2", "div"))
        return f"<{tag}{self.name('title')}>{html.escape(self.title)}</{tag}>"

    def date(self) -> str:
        form = self.chance.randrange(3)
        day, month = self.chance.randrange(1, 29), self.chance.choice(self.furniture["months"])
        clock = f"{self.chance.randrange(24):02}:{self.chance.randrange(60):02}"
        if form == 0:
            return f"{day:02}.{self.chance.randrange(1, 13):02}.2025 {clock}"
        return self.furniture[("date", "date_time")[form - 1]].format(
            day=day, day_th=day, month=month, year=2025, time=clock
        )

    def draw_before(self) -> list[str]:
        """Lines between the title and the first paragraph."""
        given = self.furniture
        bits = [
            self.date(),
            self.chance.choice(given["desks"]),
            given["views"].format(number=self.chance.randrange(9999)),
        ]
        bits = self.chance.sample(bits, self.chance.randrange(4))
        lines = [self.chance.choice(SEPARATORS).join(bits)] if self.maybe(0.4) else bits
        drawn = [self.line(line, "meta") for line in lines if line]
        if self.maybe(0.3):
            tag = self.chance.choice(("p", "div", "figcaption"))
            drawn.append(f"<{tag}{self.name('caption')}>{given['caption']}</{tag}>")
        if self.maybe(0.15):
            drawn.append(self.draw_share())
        return drawn

    def draw_body(self, paragraphs: list[str]) -> str:
        """The article's paragraphs, with what sites put between them."""
        form = self.chance.choice(("p", "p", "p", "div", "div div", "div span", "br", "td", "p font"))
        lines = [self.add_link(line) for line in paragraphs]
        if self.maybe(0.2):
            lines[0] = f"<strong>{lines[0]}</strong>"
        if form == "br":
            inner = self.chance.choice(("<br><br>", "<br/>\n<br/>")).join(lines)
        else:
            tags = form.replace("td", "p").split()
            opened, closed = "".join(f"<{tag}>" for tag in tags), "".join(f"</{tag}>" for tag in reversed(tags))
            drawn = [f"{opened}{line}{closed}" for line in lines]
            for _ in range(self.chance.choice((0, 0, 1, 1, 3))):
                place = self.chance.randrange(len(lines) if lines else 1)
                own = self.draw_own_piece(paragraphs, place)
                drawn[place] = drawn[place] + own
            for _ in range(self.chance.choice((0, 0, 0, 1, 1, 2))):
                drawn.insert(self.chance.randrange(1, len(drawn) + 1), self.draw_between())
            inner = "\n".join(drawn)
        if form == "td":
            return f"<table{self.name('body')}><tr><td>{inner}</td></tr></table>"
        return self.wrap(inner, "body") if self.maybe(0.75) else inner

    def draw_own_piece(self, paragraphs: list[str], place: int) -> str:
        """A piece of the story that is no plain paragraph: a list, a heading, a table, a quote; added to its text."""
        words = self.other().paragraphs[-1].split(" ")
        size = self.chance.choice((3, 4, 6, 10))
        bits = [" ".join(words[i : i + size]) for i in range(0, min(len(words), 60), size)]
        form = self.chance.randrange(6)
        if form < 2:
            tag = self.chance.choice(("ul", "ol"))
            around = self.chance.choice(("{}", "{}", "<p>{}</p>", "<b>{}</b>"))
            drawn = f"<{tag}>" + "".join(f"<li>{around.format(bit)}</li>" for bit in bits) + f"</{tag}>"
        elif form == 2:
            tag = self.chance.choice(("h2", "h2", "h3", "h4"))
            drawn, bits = f"<{tag}>{bits[0]}</{tag}>", bits[:1]
        elif form == 3:
            rows = "".join(f"<tr><td>{i}</td><td>{bit}</td></tr>" for i, bit in enumerate(bits))
            drawn = f"<table>{rows}</table>"
            bits = [f"{i} {bit}" for i, bit in enumerate(bits)]
        elif form == 4:
            bits = [" ".join(words), f"— {bits[0]}"]
            drawn = f"<blockquote><p>{bits[0]}</p>{self.chance.choice(('', '<p>'))}{bits[1]}</blockquote>"
        else:
            drawn = "".join(f"<p>{bit}</p>" for bit in bits)
        paragraphs[place] = "\n".join([paragraphs[place], *bits])
        return drawn

    def add_link(self, line: str) -> str:
        words = line.split(" ")
        if len(words) < 6 or not self.maybe(0.15):
            return html.escape(line)
        begin = self.chance.randrange(len(words) - 3)
        middle = self.link(" ".join(words[begin : begin + 3]))
        return " ".join(
            [html.escape(" ".join(words[:begin])), middle, html.escape(" ".join(words[begin + 3 :]))]
        ).strip()

    def other(self) -> Text:
        return self.chance.choice([text for text in self.stories if text.title != self.title])

    def draw_between(self) -> str:
        """What stands between two paragraphs and is no part of the story."""
        given, other = self.furniture, self.other()
        link = self.link(other.title)
        form = self.chance.randrange(7)
        if form == 6:
            inner = self.chance.choice((given["caption"], other.paragraphs[0].split(". ")[0] + "."))
            tag = self.chance.choice(("figcaption", "div", "p"))
            named = self.name("caption") or ' class="caption"'
            return f"<figure><{tag}{named}>{inner}</{tag}></figure>"
        if form < 3:
            tag = self.chance.choice(("p", "div", "blockquote", "aside", "div"))
            label = self.chance.choice((given["read_also"], f"<b>{given['read_also']}</b>", ""))
            inner = f"{label} {link}"
            if self.maybe(0.2):
                return f"<ul><li>{inner}</li></ul>"
            return f"<{tag}{self.name('related') if self.maybe(0.5) else ''}>{inner}</{tag}>"
        return self.draw_box() if form < 5 else self.line(given["advert"], "box")

    def draw_box(self) -> str:
        given = self.furniture
        inner = self.chance.choice((
            self.heading(given["newsletter_title"]) + f"<p>{given['newsletter_text']}</p>",
            f"<div>{given['newsletter_title']}</div><div>{given['newsletter_text']}</div>",
            self.link(given["channel"]), given["channel"], given["reprint"], f"<p>{given['cookie']}</p>",
        ))  # fmt: skip
        return self.wrap(inner, "box")

    def draw_share(self) -> str:
        given = self.furniture
        items = [self.link(item) if self.maybe(0.4) else item for item in given["share"]]
        if self.maybe(0.3):
            items += ["Facebook", "Telegram", "VK"]
        title = self.chance.choice((f"{given['share_title']}: ", "", f"<b>{given['share_title']}</b> "))
        return self.wrap(title + self.join(items), "share")

    def draw_after(self) -> list[str]:
        """What follows the last paragraph inside the same element."""
        given = self.furniture
        tags = self.chance.sample(given["tags"], 3)
        tags = [self.link(tag) for tag in tags] if self.maybe(0.6) else tags
        byline = self.chance.choice(given["desks"])
        parts: list[Callable[[], str]] = [
            lambda: self.line(self.chance.choice((byline, f"<i>{byline}</i>", f"{byline}, {self.date()}")), "byline"),
            lambda: self.wrap(self.chance.choice((given["tags_title"] + " ", "")) + self.join(tags), "tags"),
            self.draw_share,
            lambda: self.line(given["views"].format(number=self.chance.randrange(9999)), "meta"),
            self.draw_box, self.draw_related, self.draw_related, self.draw_comments, self.draw_comments,
        ]  # fmt: skip
        chosen = self.chance.sample(range(len(parts)), self.chance.randrange(1, 6))
        return [parts[i]() for i in (sorted(chosen) if self.maybe(0.7) else chosen)]

    def draw_related(self) -> str:
        """A heading and teasers of other stories, all of one form."""
        given = self.furniture
        count = self.chance.randrange(2, 7)
        others = self.chance.sample([text for text in self.stories if text.title != self.title], count)
        form = self.chance.randrange(9)
        cut = self.chance.choice((60, 120, 200, 400))
        items = [self.draw_teaser(text, form, cut) for text in others]
        tag, around = self.chance.choice((("div", ""), ("li", "ul"), ("li", "ol"), ("p", ""), ("article", "")))
        if form in {7, 8}:
            inner = "".join(items)
        elif form == 6:
            inner = "<table>" + "".join(f"<tr><td>{item}</td></tr>" for item in items) + "</table>"
        else:
            name = self.name("teaser")
            inner = "".join(f"<{tag}{name}>{item}</{tag}>" for item in items)
            inner = f"<{around}>{inner}</{around}>" if around else inner
        title = self.heading(self.chance.choice((given["related_title"], given["popular_title"], given["front_title"])))
        drawn = (title if self.maybe(0.85) else "") + inner
        return self.wrap(drawn, "related") if self.maybe(0.6) else drawn

    def draw_teaser(self, text: Text, form: int, cut: int) -> str:
        link, lead = self.link(text.title), text.paragraphs[0]
        lead = html.escape(lead if len(lead) <= cut else lead[:cut].rpartition(" ")[0] + "…")
        date = f"<span>{self.date()}</span> " if self.maybe(0.2) else ""
        return (
            f"{date}{link}",
            f"{date}{link}<br>{lead}",
            f"<div>{link}</div><div>{lead}</div>",
            f"<h3>{link}</h3><p>{lead} {self.link(self.furniture['more'])}</p>",
            f"{date}{link} <span>{lead}</span>",
            f"<a href='/x'><div>{html.escape(text.title)}</div><div>{lead}</div></a>",
            f"{link}<br><small>{lead}</small>",
            f"<p>{link}</p><p>{lead}</p>",
            f"<b>{link}</b><br>{lead}<br><br>",
        )[form]

    def draw_comments(self) -> str:
        """A heading and readers' comments, all of one form."""
        given = self.furniture
        form = self.chance.randrange(7)
        items = []
        for number in range(self.chance.randrange(8)):
            words = " ".join(self.chance.sample(given["comments"], self.chance.choice((1, 1, 1, 2, 4))))
            who = self.chance.choice((given["guest"], f"{given['guest']} {number + 1}", "Aset", "Nodira", "olga_77"))
            when = self.date() if self.maybe(0.5) else ""
            items.append((
                f"<p>{words}</p>",
                f"<div>{who} {when}</div><div>{words}</div>",
                f"<b>{who}</b> <span>{when}</span><p>{words}</p><a href='#'>{given['reply']}</a>",
                f"<cite>{who}</cite><blockquote>{words}</blockquote>",
                f"<i>{who} {when}:</i> {words}<br>",
                f"<td>{who}</td><td>{words}</td>",
                f"<p>{who}: {words}</p>",
            )[form])  # fmt: skip
        if form == 5:
            inner = "<table>" + "".join(f"<tr>{item}</tr>" for item in items) + "</table>"
        elif form in {4, 6} or (form == 0 and self.maybe(0.5)):
            inner = "".join(items)
        else:
            tag = self.chance.choice(("div", "li", "article"))
            inner = "".join(f"<{tag}{self.name('comment')}>{item}</{tag}>" for item in items)
            inner = f"<ul>{inner}</ul>" if tag == "li" else inner
        prompt = f"<p>{given['comment_prompt']}</p>" if self.maybe(0.4) else ""
        count = f" ({len(items)})" if self.maybe(0.4) else ""
        drawn = (self.heading(given["comments_title"] + count) if self.maybe(0.9) else "") + inner + prompt
        return self.wrap(drawn, "comments") if self.maybe(0.6) else drawn

    def draw_side(self) -> str:
        parts = (self.draw_related, self.draw_related, self.draw_box, self.draw_menu, self.draw_comments)
        return "".join(part() for part in self.chance.sample(parts, self.chance.randrange(1, 4)))

    def draw_menu(self) -> str:
        return self.wrap(self.join(self.link(item) for item in self.furniture["menu"]), "menu")

    def draw_top(self) -> list[str]:
        given = self.furniture
        drawn = [self.line(self.chance.choice(("<b>Site</b>", self.link("Site"))), "wrap"), self.draw_menu()]
        if self.maybe(0.2):
            drawn.append(self.draw_box())
        if self.maybe(0.4):
            last = self.chance.choice((given["menu"][2], self.title, self.link(given["menu"][3])))
            drawn.append(self.line(self.chance.choice(SEPARATORS).join([self.link(given["menu"][0]), last]), "crumbs"))
        return drawn

    def lay_out(self, parts: list[str]) -> list[str]:
        """Columns in a table, or one after another."""
        return ["<table><tr>", *(f"<td>{part}</td>" for part in parts), "</tr></table>"] if self.in_table else parts

    def draw_foot(self) -> str:
        given = self.furniture
        lines = [given["footer"].format(year=2025, outlet="Site"), given["reprint"], given["channel"]]
        del lines[self.chance.randrange(1, 4) :]
        tag = self.chance.choice(("p", "div", "small", "span"))
        inner = self.chance.choice(("<br>".join(lines), "".join(f"<{tag}>{line}</{tag}>" for line in lines)))
        return self.wrap(inner, "footer", self.chance.choice(("div", "div", "footer")))
