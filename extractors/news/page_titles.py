"""Which of the headlines that a page states is the one of its article.

JSON-LD is written for the article itself; the heading on the page may say it better than the head, where portals cut
`og:title` at a quotation mark, and the first heading is often the name of a section. A `title` is made from the heading
by the system that wrote both, so it confirms none against what somebody wrote twice for sharing.
"""

import re
from collections.abc import Container, Sequence

_CUT = re.compile(r"\s+[|｜–—-]\s+|\s*[|｜_]\s*|\s*--\s*|-(?=[^-]*$)")
_LEAST_SHARE = 0.4


def chosen_title(
    headline: str,
    head: Sequence[str],
    headings: Sequence[str],
    sites: Sequence[str],
    lines: Container[str],
    shared: Sequence[str] = (),
) -> str:
    """Choose the heading that the head of the page confirms; what JSON-LD and the head's first agree on goes before.

    `head` begins with what the page is shared by; `lines` are the pieces of text on the page: what is one of them is
    a headline without the name of the site. `shared` are the titles for sharing: where JSON-LD has none and all of
    these say the same, they alone confirm.
    """
    stated = list(filter(None, [headline, *head]))
    is_agreed = bool(headline) and bool(head) and _key(headline) == _key(head[0])
    confirming = [headline] if is_agreed else stated
    if not headline and len(shared) > 1 and len({_key(text) for text in shared}) == 1:
        confirming = [text for text in shared if not any(_agree(text, name) for name in sites)] or stated
    confirmed = [text for text in headings if any(_confirms(text, other) for other in confirming)]
    if confirmed:
        return max(confirmed, key=len)
    return next((_without_site(text, sites, lines) for text in stated), "")


def _without_site(title: str, sites: Sequence[str], lines: Container[str]) -> str:
    """Cut the name of the site, and what follows it, from the end of a title."""
    for end in _CUT.finditer(title):
        parts = _CUT.split(title[end.end() :])
        is_site = any(_agree(part, name) for part in parts for name in sites)
        if len(_key(title[: end.start()])) > 1 and (is_site or title[: end.start()] in lines):
            return title[: end.start()]
    return title


def _confirms(heading: str, stated: str) -> bool:
    return _agree(heading, stated) and len(_key(heading)) >= len(_key(stated)) * _LEAST_SHARE


def _agree(one: str, other: str) -> bool:
    """Tell whether one text is a part of the other, but for marks and case."""
    first, second = _key(one), _key(other)
    return bool(first) and bool(second) and (first in second or second in first)


def _key(title: str) -> str:
    return re.sub(r"\W+", "", title).casefold()
