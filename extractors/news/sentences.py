"""What tells a sentence from a menu, a headline or a button."""

import re

HAN = re.compile("[\u3400-\u9fff]")
SENTENCE = re.compile(r"[。！？；：…」”][”」）)】]?\s*$|[。！？；].{0,40}$|[.!?:;…][\"'”’)\]]*\s*$")
_SENTENCES = re.compile(r"[a-z\d\"”’)][.!?][\"”’)]*\s+[A-Z\"“‘(].{20,300}[.!?]")
_FEWEST_LETTERS = 20


def prose_length(body: str) -> int:
    """Count the characters in sentences, which a list of headlines has not."""
    lines = [line for line in body.split("\n") if len(line) >= _FEWEST_LETTERS or HAN.search(line)]
    return sum(len(line) for line in lines if SENTENCE.search(line) or _SENTENCES.search(line))
