"""A sketch of a text that survives rewriting: the 64 smallest hashes of its shingles (a bottom-k sketch, Broder 1997).

Two tellings of one event share whole runs of words although each drops, adds and changes others; the share of equal
numbers in two sketches estimates the share of runs that the texts have in common. Five words in a row make a shingle,
or six characters of a script that writes no spaces. The numbers are the same on every machine and in every run.
"""

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]

SIZE = 64
_WORDS_IN_A_ROW = 5
_CHARACTERS_IN_A_ROW = 6
_WORD = re.compile(r"\w+")
_NO_SPACES = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
"""Kana, Chinese characters and Hangul."""
_SHARE_WITHOUT_SPACES = 0.3
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def sketch_of(text: str) -> tuple[int, ...]:
    """Give the sketch of a text in ascending order: at most 64 whole numbers below 2^63, none for a text too short."""
    tokens, in_a_row = _tokens(unicodedata.normalize("NFKC", text).lower())
    if len(tokens) < in_a_row:
        return ()
    hashes = np.zeros(len(tokens) - in_a_row + 1, dtype=np.uint64)
    for place in range(in_a_row):
        hashes = hashes * _MULTIPLIER + tokens[place : len(tokens) - in_a_row + 1 + place]
    distinct = np.unique(_mixed(hashes) >> np.uint64(1))
    return tuple(int(one) for one in distinct[:SIZE])


def _tokens(text: str) -> tuple[Hashes, int]:
    """Give the words of a text, or its characters, as numbers, and how many of them make a shingle."""
    words = _WORD.findall(text)
    letters = "".join(words)
    if len(_NO_SPACES.findall(letters)) > _SHARE_WITHOUT_SPACES * len(letters):
        return np.frombuffer(letters.encode("utf-32-le", "replace"), dtype=np.uint32).astype(
            np.uint64
        ), _CHARACTERS_IN_A_ROW
    return np.array([_word_number(word) for word in words], dtype=np.uint64), _WORDS_IN_A_ROW


@lru_cache(maxsize=200_000)
def _word_number(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def _mixed(hashes: Hashes) -> Hashes:
    """Spread the bits, so that the smallest are a fair sample: the finaliser of splitmix64 (Steele et al. 2014)."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> np.uint64(31))
