"""Rewrites of the recorded articles are found, and no two strangers are joined."""

import pytest

from bench.rewrites import TRUTH, recorded_texts, rewrites
from transforms.near_duplicates import pairs
from transforms.story_sketch import sketch_of

pytestmark = [
    pytest.mark.recorded,
    pytest.mark.skipif(not TRUTH.exists(), reason="the recorded material is not beside the project"),
]

LEAST_WORDS_LEFT = 40
"""A heavy rewrite of which a sentence or two are left tells nothing."""


def test_all_light_and_nearly_all_heavy_rewrites_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    texts = recorded_texts()
    assert len(texts) > 80
    light, heavy = rewrites(texts)
    found = {(one, other) for one, other, _ in pairs([sketch_of(text) for text in (*texts, *light, *heavy)])}
    count = len(texts)
    told = [n for n in range(count) if len(heavy[n].split()) >= LEAST_WORDS_LEFT]
    recall_of_light = sum((n, count + n) in found for n in range(count)) / count
    recall_of_heavy = sum((n, 2 * count + n) in found for n in told) / len(told)
    precision = sum(one % count == other % count for one, other in found) / len(found)
    with capsys.disabled():
        print(
            f"\n{count} articles: light {recall_of_light:.3f}, heavy {recall_of_heavy:.3f}, precision {precision:.3f}"
        )
    assert recall_of_light == 1 and recall_of_heavy >= 0.98 and precision >= 0.99
