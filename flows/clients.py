"""The client of a run: live, or with recorded answers in place of the network."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from urllib3.util.connection import create_connection

from extractors.addresses import Resolve, resolve
from extractors.archive import ArchiveWriter
from extractors.client import Client, open_client
from extractors.recall import Recall
from extractors.registry import EXTRACTORS
from extractors.settings import Permission, Settings
from extractors.source import Extractor
from extractors.transport import Connect
from flows.job import Job
from flows.keeping.secret_blocks import with_blocks

_RECORDED = Permission(enabled=True, by="the recording", because="its answers are in the archive already")


@dataclass(frozen=True, slots=True)
class Means:
    """How a run waits, and how it finds and reaches hosts: in the system's own ways, unless it is given others."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    resolve: Resolve = resolve
    connect: Connect = create_connection


SYSTEM = Means()


def client_of(job: Job, writer: ArchiveWriter, means: Means = SYSTEM, recall: Recall | None = None) -> Client:
    """Make the client that the job's settings ask for. Raises BadSettings for a key that Prefect should have."""
    return open_client(
        job.settings if job.settings.offline else with_blocks(job.settings),
        job.archive,
        writer,
        now=job.now,
        monotonic=means.monotonic,
        sleep=means.sleep,
        resolve=means.resolve,
        connect=means.connect,
        recall=recall,
    )


def use_recordings(job: Job, files: Sequence[Path], writer: ArchiveWriter) -> None:
    """Take files into the archive and let it answer in place of every source; no connection is opened.

    A source that is off live may be read where the archive holds its answers: nobody is asked anything.
    The age of the data is measured at the end of the recording. Raises ArchiveError for a file that is no WARC file.
    """
    for path in files:
        job.archive.adopt(path, job.now, writer)
    held = {one.source.id: _RECORDED for one in EXTRACTORS if is_held(job, one)}
    permissions = {**held, **{name: one for name, one in job.settings.permissions.items() if one.enabled}}
    job.settings = replace(job.settings, offline=True, permissions=permissions)
    newest = job.archive.index.newest_time()
    if newest is not None:
        job.data_until = lambda: newest


def is_held(job: Job, extractor: Extractor) -> bool:
    """Tell whether the archive holds an answer of a source."""
    return any(extractor.matches(url) for url in job.archive.index.urls())


def off_sources(settings: Settings, job: Job, only: Sequence[str]) -> dict[str, str]:
    """Say which sources are not asked, and why."""
    off = {}
    for one in EXTRACTORS:
        if only and one.source.id not in only:
            off[one.source.id] = "not asked for in this run"
        elif not settings.is_enabled(one.source) and not (settings.offline and is_held(job, one)):
            off[one.source.id] = settings.why_off(one.source)
    return off
