"""What a run says of itself in its archive file, and a replay that goes by it."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from extractors.archive import Archive, NoArchive
from extractors.run_record import MEDIA_TYPE, URI, RunRecord, days_asked, read_run_record
from extractors.snapshot import Snapshot
from extractors.source import Window
from samples.build import ARCHIVE

NOW = datetime(2025, 1, 11, 6, tzinfo=UTC)
DAYS = Window(date(2025, 1, 2), date(2025, 1, 10))
EARLIER = Window(date(2024, 12, 1), date(2025, 1, 3))
TOLD = RunRecord("daily-1", "daily", "live", "1.2", None, {"tencent_daily": DAYS, "ecb_rates": EARLIER}, ("tesla",))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def test_a_run_tells_before_its_first_answer_and_again_what_changed(archive: Archive) -> None:
    more = RunRecord(**{**_fields(TOLD), "windows": {**TOLD.windows, "frankfurter": EARLIER}})
    with archive.start("daily-1", lambda: NOW) as writer:
        writer.describe(URI, TOLD.written(), MEDIA_TYPE)
        assert not writer.path.exists()
        writer.resource("urn:x", b"1", "text/plain")
        assert read_run_record(writer.path) == TOLD
        before = writer.path.stat().st_size
        writer.describe(URI, TOLD.written(), MEDIA_TYPE)
        assert writer.path.stat().st_size == before
        writer.describe(URI, more.written(), MEDIA_TYPE)
        writer.resource("urn:y", b"2", "text/plain")
    assert read_run_record(writer.path) == more
    read = [one.url for one in Archive(archive.folder).read(writer.name) if isinstance(one, Snapshot)]
    assert read == ["urn:x", "urn:y"]


def test_a_file_that_does_not_say_has_none(archive: Archive, tmp_path: Path) -> None:
    with archive.start("daily-1", lambda: NOW) as writer:
        for body in (b"", b"[]", b"{}", b'{"run_id": 1}', TOLD.written().replace(b"2025-01-02", b"2025-13-02")):
            writer.describe(URI, body, MEDIA_TYPE)
            writer.resource(f"urn:{len(body)}", body, "text/plain")
    assert read_run_record(writer.path) is None
    assert read_run_record(ARCHIVE) is None
    with pytest.raises(NoArchive, match="cannot be read"):
        read_run_record(tmp_path / "none.warc.gz")


def test_several_recordings_together_ask_for_all_their_days() -> None:
    other = RunRecord("daily-2", "daily", "live", "1.2", None, {"tencent_daily": EARLIER})
    assert days_asked([TOLD, other]) == {
        "tencent_daily": Window(EARLIER.start, DAYS.end),
        "ecb_rates": EARLIER,
    }


def _fields(record: RunRecord) -> dict[str, object]:
    return {name: getattr(record, name) for name in RunRecord.__slots__}
