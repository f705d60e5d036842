"""Take a document down: its bytes, the rows that were read from it, and every published copy of them.

First the tombstone is archived, durably; from then on the document is gone, whatever happens: a process that is killed
after that is finished by the next start. Then the rows go, then the bytes in each file of the archive, then a new
generation is published and the older ones that still hold it are removed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from extractors.archive import Archive
from extractors.mending import MEDIA_TYPE, SOURCE, Forgotten, Tombstone, uri_of, written
from extractors.tombstones import answers_about, forgotten_keys, take_down
from extractors.urls import masked, url_key
from flows.clients import client_of
from flows.derivations import derive
from flows.job import Job, start
from flows.leftovers import FORGETTING
from flows.mend import Installation
from flows.report import State
from warehouse.exports.folder import exported_folders
from warehouse.forgotten import compact
from warehouse.ledger import write_run
from warehouse.publish import publish, publish_ops
from warehouse.published import QueryError


@dataclass(frozen=True, slots=True)
class TakenDown:
    """What was taken down."""

    tombstone: Tombstone
    records: int
    """Records of the archive that went."""
    deleted: Mapping[str, int]
    """Rows that went, by table."""
    named_in: tuple[str, ...]
    """Addresses of other documents that still name this one, such as feeds."""
    generation: int
    exported: tuple[Path, ...]
    """Folders of the home that an earlier generation was exported into, and that stay as they are."""


def forget(at: Installation, url: str) -> TakenDown:
    """Take down what an address gave. Raises QueryError when the archive holds nothing of it."""
    if url.startswith("urn:dragongate:"):
        raise QueryError(f"{url} is the installation's own: edit the file that it comes from")
    _require_held(Archive(at.home.archive), url)
    with start(at.home, at.settings, at.watchlist, flow=FORGETTING, mode="import", now=at.now) as job:
        taken_down = _forget(job, at, url)
        job.warehouse.close()
        compact(at.home)
    return taken_down


def _forget(job: Job, at: Installation, url: str) -> TakenDown:
    tombstone = _tombstone(job, at, url)
    with job.archive.start(job.run.run_id, at.now) as writer:
        job.run = replace(job.run, archive_files=(writer.name,))
        write_run(job.warehouse, job.run)
        job.taker.make_durable = writer.sync
        with client_of(job, writer) as client:
            kept = client.keep(SOURCE, uri_of(tombstone), written(tombstone), MEDIA_TYPE)
            writer.sync()
            job.taker.take([kept])
    went = take_down(job.archive, forgotten_keys(job.archive))
    derive(job)
    write_run(job.warehouse, replace(job.run, state=State.COMPLETED, ended_at=at.now(), is_whole=True))
    publication = publish(
        job.home, job.warehouse, run_id=job.run.run_id, now=at.now(), keep=at.settings.keep.generations
    )
    publish_ops(job.home, job.warehouse)
    deleted = {name: one.deleted for name, one in job.tally.loaded.items() if one.deleted}
    return TakenDown(
        tombstone, went, deleted, _named_in(job, url), publication.generation, exported_folders(job.home.exports)
    )


def _require_held(archive: Archive, url: str) -> None:
    is_held = next(answers_about(archive, url), None) is not None
    if not is_held and url_key(url) not in forgotten_keys(archive):
        raise QueryError(f"the archive holds nothing of {masked(url)}; `dragongate why` names the address of a row")


def _tombstone(job: Job, at: Installation, url: str) -> Tombstone:
    """Write down what there is of an address: nothing, where an earlier tombstone took it already."""
    found = list(answers_about(job.archive, url))
    records = {
        answer.id: Forgotten(answer.id, snapshot.sha256 if snapshot else "", answer.fetched_at.isoformat())
        for _, answer, snapshot in found
    }
    rows = job.warehouse.rows_read_from(records.keys())
    return Tombstone(masked(url), tuple(records.values()), tuple(rows), at.author, at.because)


def _named_in(job: Job, url: str) -> tuple[str, ...]:
    """Name the documents whose own rows still name the address: an article stands in a feed too."""
    rows = job.warehouse.frame(
        "SELECT DISTINCT document.url FROM core.articles_by_source AS article "
        "JOIN raw.snapshots AS document USING (snapshot_id) WHERE ? IN (article.url, article.canonical_url) ORDER BY 1",
        (url,),
    )
    return tuple(rows.column("url").to_pylist())
