"""Which of several headlines is chosen, over pages by hand."""

import pytest

from extractors.news.page_titles import chosen_title

SITES = ("Daily Example", "example.org")


@pytest.mark.parametrize(
    ("headline", "shared", "heading", "element", "title"),
    [
        ("", ["A short one", "A short one"], "A long heading", "A long heading | Daily Example", "A short one"),
        ("", ["A short one", "Another"], "A long heading", "A long heading | Daily Example", "A long heading"),
        ("", ["A short one"], "A long heading", "A long heading | Daily Example", "A long heading"),
        ("", ["Prices", "Prices"], "Prices rise again", "Prices rise again - Daily Example", "Prices rise again"),
        ("", ["Prices “rise", "Prices “rise"], "Prices “rise” again", "Prices “rise” again", "Prices “rise” again"),
        ("", ["Daily Example", "Daily Example"], "Prices rise again", "Prices rise again", "Prices rise again"),
        ("A long heading", ["A short one", "A short one"], "A long heading", "", "A long heading"),
        ("", ["Prices rise again - Daily Example"] * 2, "Prices rise again", "", "Prices rise again"),
        ("", [], "Section", "Prices rise again | Daily Example", "Prices rise again"),
    ],
)  # fmt: skip
def test_a_heading_is_the_headline_if_somebody_confirms_it(
    headline: str, shared: list[str], heading: str, element: str, title: str
) -> None:
    head = [text for text in (*shared, element) if text]
    assert chosen_title(headline, head, [heading], SITES, {}, shared) == title
