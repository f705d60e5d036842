"""A home that is full, closed, damaged or wrongly written: a message that says what to do, and nothing that is lost."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.archives import http, info, members, record
from tests.end_to_end.commands import Ran, dragongate, environment
from tests.end_to_end.rows import content, differences
from warehouse.home import Home
from warehouse.published import query

FIXTURES = Path(__file__).parent / "fixtures"
WINDOW = ("--from", "2024-12-30", "--to", "2024-12-31")
MEGABYTE = 1024 * 1024


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def copied(sample_home: Home, tmp_path: Path) -> Home:
    """A home of its own with all that the sample archive gives."""
    return copy_of(sample_home, tmp_path / "copy")


@pytest.fixture
def small_archive(tmp_path: Path) -> Path:
    path = tmp_path / "small.warc.gz"
    path.write_bytes(members(info(), record(url="https://api.github.com/users/a", block=http(b"{}"))))
    return path


def copy_of(home: Home, root: Path) -> Home:
    shutil.copytree(home.root, root, symlinks=True)
    for name in ("published", "private"):
        (root / name).chmod(0o755)
    return Home(root)


def is_told(ran: Ran, code: int, *words: str) -> bool:
    """Whether a command ended with a message for people: its code, all these words, and no trace."""
    assert "Traceback" not in ran.err, ran.err
    assert (ran.code, [word for word in words if word not in ran.err]) == (code, []), ran.err
    return True


def commands(archive: Path) -> Iterator[tuple[str, ...]]:
    """The commands that write."""
    yield ("ingest", str(archive))
    yield ("run", "--no-server", *WINDOW)


def test_a_watch_list_with_an_unknown_exchange_names_line_and_field(home: Home, small_archive: Path) -> None:
    home.root.mkdir()
    text = (FIXTURES / "watchlist.toml").read_text(encoding="utf-8")
    home.watchlist.write_text(text.replace('exchange = "XNAS"', 'exchange = "NASDAQ"', 1), encoding="utf-8")
    line = text[: text.index('exchange = "XNAS"')].count("\n") + 1
    for words in commands(small_archive):
        ran = dragongate(*words, "--home", str(home.root))
        assert is_told(ran, 2, f"watchlist.toml:{line}: [[security]] exchange", "'NASDAQ'", "known are XHKG, XNAS")
    assert not home.archive.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'contact = "a@example.org"\ncolour = "red"\n',
            ("dragongate.toml:2: colour: unknown field", "known are contact"),
        ),
        ("contact = \n", ("dragongate.toml", "line 1")),
        ("robots = 1\n", ("dragongate.toml:1: robots", "true or false")),
    ],
    ids=["unknown field", "syntax", "kind"],
)
def test_settings_that_are_none_name_line_field_and_what_is_known(
    home: Home, small_archive: Path, text: str, said: tuple[str, ...]
) -> None:
    home.root.mkdir()
    home.settings.write_text(text, encoding="utf-8")
    assert is_told(dragongate("ingest", str(small_archive), "--home", str(home.root)), 2, *said)


def test_a_home_below_a_file_says_what_stands_in_the_way(tmp_path: Path, small_archive: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    place = str(tmp_path / "file" / "home")
    for words in (*commands(small_archive), ("init",)):
        assert is_told(dragongate(*words, "--home", place), 1, place, "Not a directory", "--home")
    for words in (("sql", "SELECT 1"), ("status",)):
        assert is_told(dragongate(*words, "--home", place), 1)


@pytest.fixture
def closed(tmp_path: Path, sample_home: Home) -> Iterator[Home]:
    """A home that was written and can only be read now: by permissions, or mounted so where those do not bind."""
    copy = copy_of(sample_home, tmp_path / "open")
    if os.geteuid():
        folders = [copy.root, *(one for one in copy.root.rglob("*") if one.is_dir())]
        for folder in folders:
            folder.chmod(0o555)
        yield copy
        for folder in folders:
            folder.chmod(0o755)
        return
    place = tmp_path / "closed"
    place.mkdir()
    _mount_or_skip("--bind", str(copy.root), str(place))
    try:
        _mount_or_skip("-o", "remount,ro,bind", str(place))
        yield Home(place)
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_home_that_cannot_be_written_says_so_and_can_still_be_read(closed: Home, small_archive: Path) -> None:
    for words in commands(small_archive):
        ran = dragongate(*words, "--home", str(closed.root))
        assert is_told(ran, 1, str(closed.root), "Make it writable for this user, or give another place")
    assert is_told(dragongate("init", "--home", str(closed.root / "new")), 1, str(closed.root), "Make it writable")
    ran = dragongate("sql", "SELECT count(*) AS n FROM core.companies", "--home", str(closed.root), "--json")
    assert (ran.code, ran.json[0]["n"] > 0) == (0, True)


def overwritten(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(20_000))


def spoilt(path: Path) -> None:
    """Change bytes here and there, those of the heads included."""
    body, chance = bytearray(path.read_bytes()), random.Random(2)
    for place in (100, 5_000, 9_000, *(chance.randrange(12_288, len(body)) for _ in range(500))):
        body[place] ^= 0xFF
    path.write_bytes(body)


def halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGES = [overwritten, spoilt, halved]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_warehouse_is_rebuilt_from_the_archive(
    copied: Home, sample_home: Home, damage: Callable[[Path], None]
) -> None:
    damage(copied.warehouse)
    before = content(copied.root)
    (archived,) = copied.archive.glob("turn-of-2025*.warc.gz")
    ran = dragongate("ingest", str(archived), "--home", str(copied.root))
    assert is_told(ran, 1, "The warehouse cannot be opened", "private/warehouse.duckdb", "archive")
    assert differences(before, content(copied.root)) == []
    copied.warehouse.rename(copied.warehouse.with_suffix(".damaged"))
    assert dragongate("ingest", str(archived), "--home", str(copied.root)).code == 0
    counted = "SELECT count(*) AS n FROM core.daily_quotes"
    assert query(copied, counted).to_pylist() == query(sample_home, counted).to_pylist()


def leads_nowhere(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [*DAMAGES, leads_nowhere])
def test_a_damaged_published_file_is_told_and_published_again(copied: Home, damage: Callable[[Path], None]) -> None:
    before = content(copied.root)
    generation = copied.published_warehouse.resolve()
    generation.chmod(0o644)
    damage(generation)
    ran = dragongate("sql", "SELECT 1", "--home", str(copied.root))
    assert is_told(ran, 1, "published", "`dragongate publish` writes a new one")
    assert dragongate("publish", "--home", str(copied.root)).code == 0
    assert differences(before, content(copied.root)) == []


def test_a_link_that_became_a_file_is_told_and_put_back(copied: Home) -> None:
    before = content(copied.root)
    copied.published_warehouse.unlink()
    overwritten(copied.published_warehouse)
    for words in (("sql", "SELECT 1"), ("why", "core.companies", "company_id=xiaomi")):
        assert is_told(dragongate(*words, "--home", str(copied.root)), 1, "it is not a DuckDB file", "publish")
    assert dragongate("publish", "--home", str(copied.root)).code == 0
    assert copied.published_warehouse.is_symlink() and differences(before, content(copied.root)) == []


def test_a_damaged_copy_of_the_ledger_is_told_and_written_anew(copied: Home) -> None:
    copied.published_ops.chmod(0o644)
    overwritten(copied.published_ops)
    assert is_told(dragongate("status", "--home", str(copied.root)), 1, "ops.duckdb", "it is not a DuckDB file")
    assert dragongate("publish", "--home", str(copied.root)).code == 0
    assert dragongate("status", "--home", str(copied.root), "--json").json["runs"]


@dataclass(frozen=True)
class Disk:
    """A place with little room."""

    folder: Path
    is_mounted: bool

    def run(self, room: int, *words: str) -> Ran:
        """Run a command with so many bytes left: on the disk, or for each file where nothing may be mounted."""
        if not self.is_mounted:
            return _limited(room, *words)
        ballast = self.folder / "ballast"
        with ballast.open("wb") as file:
            file.write(bytes(max(0, shutil.disk_usage(self.folder).free - room)))
        try:
            return dragongate(*words)
        finally:
            ballast.unlink()


def _limited(room: int, *words: str) -> Ran:
    command = ["sh", "-c", f'ulimit -f {room // 512}; exec "$@"', "sh", sys.executable, "-m", "flows.main", *words]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=240, check=False)
    return Ran(done.returncode, done.stdout, done.stderr)


def _can_mount() -> bool:
    """Tell whether a small file system may be mounted here."""
    probe = ["unshare", "--mount", "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "/mnt"]
    with suppress(OSError):
        return subprocess.run(probe, capture_output=True, check=False).returncode == 0
    return False


def _mount_or_skip(*words: str) -> None:
    done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"nothing may be mounted here: {done.stderr.strip()}")


KIND_OF_DISK = "small file system" if _can_mount() else "limited file size"


@pytest.fixture(params=[KIND_OF_DISK])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    place = tmp_path / "disk"
    place.mkdir()
    if request.param == "limited file size":
        yield Disk(place, is_mounted=False)
        return
    _mount_or_skip("-t", "tmpfs", "-o", "size=96m", "tmpfs", str(place))
    try:
        yield Disk(place, is_mounted=True)
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.fixture
def large_archive(tmp_path: Path) -> Path:
    """An archive that takes room in each place: bytes in the archive, rows in the warehouse and in its copy."""
    noise = random.Random(3).randbytes(2 * MEGABYTE)
    lines = ("hk01810", "hk01211", "hk02015", "hk09868", "hk09866", "sz002594")
    parts = [record(url="https://a.example/noise.bin", block=http(noise), number=1)]
    for number, code in enumerate(lines, start=2):
        url = f"https://web.ifzq.gtimg.cn/appstock/app/fqkline/get?param={code},day,,,800,"
        body = (
            f'{{"code":0,"msg":"","data":{{"{code}":{{"day":[{_years_of_bars(number)}],"prec":"1","version":"1"}}}}}}'
        )
        parts.append(record(url=url, block=http(body.encode()), number=number, date="2026-01-05T10:00:00Z"))
    path = tmp_path / "large.warc.gz"
    path.write_bytes(members(info(), *parts))
    return path


def _years_of_bars(seed: int) -> str:
    chance = random.Random(seed)
    days = (
        f"{year}-{month:02}-{day:02}" for year in range(2000, 2020) for month in range(1, 13) for day in range(1, 29)
    )
    bars = ((day, 10 + chance.random()) for day in days)
    return ",".join(
        f'["{day}","{price:.3f}","{price:.3f}","{price + 1:.3f}","9","{price * 1e6:.0f}"]' for day, price in bars
    )


ROOMS = (16_384, MEGABYTE, 3 * MEGABYTE, 6 * MEGABYTE, 12 * MEGABYTE)


def test_a_full_disk_is_told_wherever_it_is_met_and_nothing_is_lost(
    disk: Disk, sample_home: Home, large_archive: Path
) -> None:
    home = copy_of(sample_home, disk.folder / "home")
    before = content(home.root)
    words = ("ingest", str(large_archive), "--home", str(home.root))
    met = set()
    for room in ROOMS:
        ran = disk.run(room, *words)
        if ran.code == 0:
            break
        assert is_told(ran, 1, "space" if disk.is_mounted else "File too large")
        assert any(mend in ran.err for mend in ("Free some space", "free some space", "Make room")), ran.err
        met |= {part for part in ("archive", "private", "published") if f"{home.root}/{part}" in ran.err}
        assert differences(before, content(home.root)) == []
    assert met == {"archive", "private", "published"}
    assert dragongate(*words).code == 0
    days = "SELECT count(*) AS n FROM core.daily_quotes WHERE trade_date < '2020-01-01'"
    assert query(home, days).to_pylist() == [{"n": 6 * 20 * 12 * 28}]
