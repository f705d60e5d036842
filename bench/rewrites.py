"""Texts and their rewrites: light ones lose two sentences and gain a head and tail, heavy ones differ more.

The procedure that near-duplicate methods are compared by: of a heavy rewrite about 40 % of the sentences are dropped
and 8 % of the words changed for others of the collection.
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

TRUTH = Path(__file__).parents[2] / "shared" / "corpus" / "news" / "truth"
_LEAST_CHARACTERS = 600
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def recorded_texts() -> list[str]:
    """Read the bodies of the recorded English articles that are long enough to be rewritten."""
    return [text for path in sorted(TRUTH.glob("article_*.json")) for text in _bodies(path) if _is_long(text)]


def generated_texts(count: int, seed: int = 1) -> list[str]:
    """Make texts of 20 to 40 sentences from a vocabulary whose words are as unequal as those of a language."""
    chance = Random(seed)
    ends = ("an", "art", "elo", "esek", "iove", "iort", "un", "uve")
    words = [f"{start}{end}{more}" for start in "bdfgklmnprst" for end in ends for more in ("", "la", "ri")]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    return [_sentences(words, weights, chance) for _ in range(count)]


def _sentences(words: Sequence[str], weights: Sequence[float], chance: Random) -> str:
    lengths = [chance.randint(8, 30) for _ in range(chance.randint(20, 40))]
    return " ".join(" ".join(chance.choices(words, weights, k=length)) + "." for length in lengths)


def light(text: str, vocabulary: Sequence[str], chance: Random) -> str:
    """Drop two sentences and put thirty other words before and behind."""
    sentences = _SENTENCE_END.split(text)
    for _ in range(2 if len(sentences) > 6 else 0):
        sentences.pop(chance.randrange(len(sentences)))
    return " ".join([*chance.sample(vocabulary, 30), *sentences, *chance.sample(vocabulary, 30)])


def heavy(text: str, vocabulary: Sequence[str], chance: Random) -> str:
    """Drop four sentences of ten and change eight words of a hundred."""
    kept = [one for one in _SENTENCE_END.split(text) if chance.random() > 0.4]
    return " ".join(chance.choice(vocabulary) if chance.random() < 0.08 else word for word in " ".join(kept).split())


def rewrites(texts: Sequence[str], seed: int = 7) -> tuple[list[str], list[str]]:
    """Give the light and the heavy rewrite of every text."""
    chance = Random(seed)
    vocabulary = [word for text in texts for word in text.split()]
    return [light(text, vocabulary, chance) for text in texts], [heavy(text, vocabulary, chance) for text in texts]


def _bodies(path: Path) -> Iterator[str]:
    found: Any = json.loads(path.read_text(encoding="utf-8"))
    for one in found.values() if isinstance(found, dict) else found:
        if isinstance(one, dict):
            yield next((one[name] for name in ("articleBody", "body", "text") if one.get(name)), "")


def _is_long(text: str) -> bool:
    return len(text) > _LEAST_CHARACTERS and len(_SENTENCE_END.split(text)) > 6
