"""The envelope around the rows of a title search on HKEXnews.

Know that      `result` is a string that holds JSON, the word null, or the rows themselves; the counts beside
               it are the only sign that rows are missing, and `lang` the only one of a refused language
"""

import json
from collections.abc import Mapping
from typing import Any

from extractors.errors import ShapeChanged
from extractors.reading import Drift, Record, whole_characters
from extractors.snapshot import Snapshot

LANGUAGES = {"E": "en", "EN": "en", "C": "zh-Hant", "ZH": "zh-Hant"}
MOST_ROWS = 10_000
"""The search gives no more, whatever `rowRange` asks for."""


def open_envelope(body: Any, asked: Mapping[str, str], drift: list[Drift], snapshot: Snapshot) -> tuple[list[Any], str]:
    """Take the rows out and say their language.

    Raises ShapeChanged for counts that do not agree, for no rows without a count, and for an answer in
    another language than was asked for.
    """
    wanted = LANGUAGES.get(asked.get("lang", ""), "en")
    if isinstance(body, list):
        drift.append(Drift("envelope", "rows without hasNextRow and recordCnt"))
        return body, wanted
    envelope = Record(body, snapshot)
    with envelope.exhausted(drift):
        rows = _decoded(envelope.take("result"), snapshot)
        has_more = envelope.flag("hasNextRow")
        language = LANGUAGES[envelope.one_of("lang", LANGUAGES)]
        asked_rows = envelope.integer("rowRange")
        loaded = envelope.optional_integer("loadedRecord")
        recorded = envelope.optional_integer("recordCnt")
    if not rows and recorded is None:
        raise ShapeChanged("recordCnt", snapshot.at("recordCnt is missing, so no rows may mean anything"))
    if recorded is not None:
        _check_counts(len(rows), len(rows) if loaded is None else loaded, recorded, asked_rows, has_more, snapshot)
    if language != wanted:
        raise ShapeChanged("lang", snapshot.at(f"lang: asked for {wanted}, answered in {language}"))
    return rows, language


def _decoded(result: object, snapshot: Snapshot) -> list[Any]:
    if isinstance(result, str):
        try:
            result = whole_characters(json.loads(result))
        except ValueError as error:
            raise ShapeChanged("result", snapshot.at(f"result: not JSON within: {error}")) from error
    if result is None:
        return []
    if not isinstance(result, list):
        raise ShapeChanged("result", snapshot.at("result: expected a list"))
    return result


def _check_counts(rows: int, loaded: int, recorded: int, asked: int, has_more: bool, snapshot: Snapshot) -> None:
    if not rows == loaded == min(asked, recorded, MOST_ROWS):
        counts = f"{rows} rows, loadedRecord {loaded}, rowRange {asked}, recordCnt {recorded}"
        raise ShapeChanged("loadedRecord", snapshot.at(f"counts do not agree: {counts}"))
    if has_more != (recorded > loaded):
        raise ShapeChanged("hasNextRow", snapshot.at(f"hasNextRow {has_more} with {loaded} of {recorded} rows"))
