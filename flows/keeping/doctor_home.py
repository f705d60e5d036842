"""What the doctor looks at in the home: settings, watch list, secrets, lease, published copies, archive."""

from datetime import timedelta
from pathlib import Path

from extractors.archive import Archive
from extractors.environment import ENVIRONMENT_FILE, open_to_others
from extractors.registry import EXTRACTORS
from extractors.settings import HOW_TO_SET_CONTACT
from extractors.warc_answers import HEAD_ROOM
from extractors.warc_frames import Fault, frames
from flows.keeping.doctor import Finding, Patient, bad, ok, warn
from flows.watching import default_watchlist, home_watchlist
from warehouse.lease import held_by, note_of, read_note
from warehouse.published import NothingPublished, published_version

_GIGABYTE = 10**9
LONG_RUN = timedelta(hours=6)
LARGE_PREFECT_BYTES = 2 * _GIGABYTE


def settings(at: Patient) -> Finding:
    """See that dragongate.toml can be read and has no unknown field."""
    found = at.settings
    if not at.home.settings.exists():
        return warn(f"{at.home.settings} is not there; the defaults hold", f"`dragongate init --home {at.home.root}`")
    off = sum(1 for one in EXTRACTORS if not found.is_enabled(one.source))
    return ok(f"{at.home.settings} is right; {len(EXTRACTORS) - off} sources on, {off} off")


def watch_list(at: Patient) -> Finding:
    """See that watchlist.toml can be read."""
    own = home_watchlist(at.home)
    found = own or default_watchlist()
    said = f"{len(found.companies)} companies, {len(found.securities)} lines, {len(found.accounts)} accounts"
    if own is None:
        return warn(
            f"{at.home.watchlist} is not there; the list of Dragongate holds ({said})",
            f"`dragongate init --home {at.home.root}`, then edit it",
        )
    return ok(f"{at.home.watchlist} is right: {said}")


def environment_file(at: Patient) -> Finding:
    """See that nobody else may open the file of secrets."""
    path = at.home.root / ENVIRONMENT_FILE
    if not path.exists():
        return ok(f"no {ENVIRONMENT_FILE}: secrets come from the environment alone")
    if open_to_others(path):
        return bad(f"others may open {path} (mode {path.stat().st_mode & 0o777:o})", f"`chmod 600 {path}`")
    return ok(f"{path} is its owner's alone")


def contact(at: Patient) -> Finding:
    """See that sites are told who asks."""
    if at.settings.contact:
        return ok(f"sites are told to write to {at.settings.contact}")
    return warn("no contact is set, so that the SEC is not asked", HOW_TO_SET_CONTACT)


def keys(at: Patient) -> Finding:
    """See that every source that was turned on has what it needs."""
    on = [one.source for one in EXTRACTORS if at.settings.permission(one.source).enabled]
    lacking = [one for one in on if at.settings.off_reason(one) in ("login", "terms")]
    if lacking:
        said = f"{', '.join(one.id for one in lacking)} cannot be asked"
        mend = "; ".join(at.settings.why_off(one) for one in lacking)
        return bad(said, mend) if any(one.is_required for one in lacking) else warn(said, mend)
    return ok(f"{sum(1 for one in on if at.settings.secret(one))} keys for {len(on)} sources that are on")


def lease(at: Patient) -> Finding:
    """See who writes, and whether somebody died while writing."""
    holder = held_by(at.home) if at.home.lease.exists() else None
    if holder is None:
        left = read_note(note_of(at.home))
        if left is not None:
            return warn(
                f"{left.flow} (run {left.run_id}, process {left.pid}) died while it wrote",
                "nothing is lost: the next run takes in what it had archived",
            )
        return ok("free: nobody writes")
    said = f"{holder.flow} (process {holder.pid} on {holder.host}) writes since {holder.since:%Y-%m-%d %H:%M}Z"
    if at.now - holder.since > LONG_RUN:
        return warn(said, "look at logs/; where it hangs, end that process: the next run finishes its work")
    return ok(said)


def published(at: Patient) -> Finding:
    """See that readers can open what is published."""
    try:
        version = published_version(at.home)
    except NothingPublished as error:
        return warn(str(error), f"`dragongate run --home {at.home.root}`")
    return ok(f"both copies can be read; their tables are of version {version}")


def archive_end(at: Patient) -> Finding:
    """See that the newest file of the archive can be read to its end."""
    archive = Archive(at.home.archive)
    files = archive.files()
    if not files:
        return ok("the archive is empty")
    newest = max(files, key=lambda path: path.stat().st_mtime)
    last = None
    for one in frames(newest, limit=archive.limits.body_bytes + HEAD_ROOM):
        last = one
    size = _size(files)
    if isinstance(last, Fault):
        return warn(
            f"{newest.name} ends badly: byte {last.offset}: {last.message}",
            "the next run takes in what is whole; where no run was killed, look at the disk",
        )
    limit = at.settings.keep.archive_gigabytes * _GIGABYTE
    if limit and size > limit:
        return warn(f"the archive has {size / _GIGABYTE:.1f} GB", "`dragongate housekeep`")
    return ok(f"{newest.name} can be read to its end; {len(files)} files, {size / _GIGABYTE:.2f} GB")


def prefect_database(at: Patient) -> Finding:
    """See how large Prefect's database is."""
    path = at.home.prefect_database
    size = path.stat().st_size if path.exists() else 0
    said = f"{size / _GIGABYTE:.2f} GB; finished runs go after {at.settings.keep.prefect_days or 'no'} days"
    if size > LARGE_PREFECT_BYTES:
        return warn(said, "a smaller prefect_days under [keep], then `dragongate housekeep`")
    return ok(said)


def _size(files: list[Path]) -> int:
    return sum(path.stat().st_size for path in files)
