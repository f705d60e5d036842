"""Follow one company more: find its codes, write the lines for the watch list, add them at its end."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from extractors.quotes.code_rules import Line, line_of, vendor_codes
from extractors.settings import Settings
from extractors.watchlist import Company, WatchList, parse_watchlist
from flows.clients import SYSTEM, Means, client_of, use_recordings
from flows.clock import Now
from flows.job import Job, start
from flows.official_lists import Listing, NotListed, look_up
from flows.recorded import index_rest
from flows.report import State
from flows.watching import shipped_watchlist
from warehouse.home import Home
from warehouse.ledger import write_run
from warehouse.publish import publish_ops

_MARKS = re.compile(r"-(?:W|S|SW|B|P|R|WR|SWR|Z)+$")
"""What Hong Kong puts behind a short name: weighted votes, a second listing, a renminbi counter."""
_FORMS = re.compile(
    r"[\s,.]*\b(?:inc(?:orporated)?|corp(?:oration)?|co|company|ltd|limited|plc|group|holdings?|class [a-c])\b[.\s]*$",
    re.IGNORECASE,
)
_TAKEN = "taken from the line; see its accounts"


@dataclass(frozen=True, slots=True)
class Given:
    """What the operator says beside the code; each is empty where the lists shall say."""

    company: str = ""
    """Id of the company that the line belongs to, or that a new one shall have."""
    name: str = ""
    reporting_currency: str = ""


@dataclass(frozen=True, slots=True)
class Addition:
    """What one more line would add to the watch list."""

    security_id: str
    company_id: str
    is_new_company: bool
    lines: str
    unknown: tuple[str, ...]
    """What no list says, or what could not be had, in sentences."""


def find(
    home: Home,
    settings: Settings,
    watchlist: WatchList,
    code: str,
    *,
    given: Given,
    now: Now,
    means: Means = SYSTEM,
) -> Addition:
    """Ask the official lists, keep what they answer, and write the lines; the watch list is not touched.

    Raises BadCode for what is no code, NotListed when the line is followed already or its list does not have it.
    """
    line = line_of(code)
    _require_new(watchlist, line)
    with start(home, settings, watchlist, flow="follow", mode="follow", now=now) as job:
        try:
            listing = _looked_up(job, line, means)
        except NotListed as error:
            _close(job, str(error))
            raise
        _close(job)
    _require_new(watchlist, listing.line)
    return addition_of(listing, watchlist, given, today=now().date())


def _looked_up(job: Job, line: Line, means: Means) -> Listing:
    """Ask the official lists, and index what was archived beside their answers."""
    with job.archive.start(job.run.run_id, job.now) as writer:
        job.run = replace(job.run, archive_files=(writer.name,))
        if job.settings.offline:
            use_recordings(job, (), writer)
        job.taker.make_durable = writer.sync
        with client_of(job, writer, means) as client:
            try:
                return look_up(job, client, line)
            finally:
                if writer.has_records:
                    index_rest(job, writer.name)


def _close(job: Job, message: str = "") -> None:
    """End the run well: that a code is in no list is an answer too."""
    ended = replace(job.run, state=State.COMPLETED, message=message or None, ended_at=job.now(), is_whole=True)
    write_run(job.warehouse, ended)
    publish_ops(job.home, job.warehouse)


def addition_of(listing: Listing, watchlist: WatchList, given: Given, *, today: date) -> Addition:
    """Write the lines for one listing. Raises NotListed for an id that belongs to a person or product."""
    there = _known_company(listing, watchlist, given)
    company_id = there.id if there else given.company or _new_id(listing, watchlist, given)
    said = f"by {listing.said_by}" if listing.said_by else "by its code alone"
    parts = [f"# Added on {today} {said}"]
    if there is None:
        parts.append("\n".join(_company_lines(company_id, listing, given, today)))
    has_primary = any(one.is_primary for one in watchlist.securities_of(company_id))
    parts.append("\n".join(_security_lines(company_id, listing, is_primary=not has_primary)))
    return Addition(
        security_id=f"{listing.line.exchange}:{listing.line.code}",
        company_id=company_id,
        is_new_company=there is None,
        lines="\n\n".join(parts) + "\n",
        unknown=(*listing.unknown, *_unknown(listing, there, given)),
    )


def add(home: Home, addition: Addition) -> WatchList:
    """Put the lines at the end of the home's watch list; without one, the list that ships becomes the home's own.

    Raises BadWatchList, and changes nothing, when the list would not be right any more.
    """
    path = home.watchlist if home.watchlist.exists() else shipped_watchlist()
    before = path.read_bytes()
    ending = "\r\n" if b"\r\n" in before else "\n"
    gap = ending if before.endswith(b"\n") else ending * 2
    after = before + (gap + addition.lines.replace("\n", ending)).encode("utf-8")
    parse_watchlist(after.decode("utf-8-sig"), name=home.watchlist.name)
    home.make()
    _write(home.watchlist, after)
    return parse_watchlist(home.watchlist.read_text(encoding="utf-8-sig"), name=home.watchlist.name)


def _require_new(watchlist: WatchList, line: Line) -> None:
    for one in watchlist.securities:
        is_same = one.exchange == line.exchange or (
            not line.exchange and line.is_us and one.exchange in ("XNAS", "XNYS")
        )
        if is_same and one.code.upper() == line.code:
            whose = f", of {one.company}" if one.company else ""
            raise NotListed(f"{line.code} is followed already: {one.id}{whose}")


def _known_company(listing: Listing, watchlist: WatchList, given: Given) -> Company | None:
    """Find the company on the list that the line belongs to: as told, by its number at the SEC, or by its name."""
    if given.company:
        found = next((one for one in watchlist.companies if one.id == given.company), None)
        if found is None and given.company in _other_ids(watchlist):
            raise NotListed(f"{given.company!r} is a person or a product on the watch list, not a company")
        return found
    for one in watchlist.companies:
        if listing.sec_cik is not None and one.sec_cik == listing.sec_cik:
            return one
        if listing.name and _plain(listing.name) in {_plain(name) for name in (one.name, one.name_zh, *one.aliases)}:
            return one
    return None


def _other_ids(watchlist: WatchList) -> set[str]:
    """Name the people and products, whose ids share one space with those of companies."""
    return {*(one.id for one in watchlist.people), *(one.id for one in watchlist.products)}


def _plain(name: str) -> str:
    return re.sub(r"\W+", "", name).casefold()


def _new_id(listing: Listing, watchlist: WatchList, given: Given) -> str:
    place = f"{listing.line.exchange}-{listing.line.code}".lower()
    name = _short_name(given.name or listing.name)
    made = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or place
    taken = {*(one.id for one in watchlist.companies), *_other_ids(watchlist)}
    return f"{made}-{place}" if made in taken else made


def _short_name(name: str) -> str:
    """Leave out the form of the company and the marks of the exchange."""
    short = _MARKS.sub("", name.strip())
    while (shorter := _FORMS.sub("", short)) and shorter != short:
        short = shorter
    return short


def _company_lines(company_id: str, listing: Listing, given: Given, today: date) -> Iterator[str]:
    yield "[[company]]"
    yield f"id = {_text(company_id)}"
    yield f"name = {_text(given.name or _short_name(listing.name) or listing.line.code)}"
    if listing.name:
        yield f"aliases = [{_text(listing.name)}]"
    currency = given.reporting_currency or listing.currency
    yield f"reporting_currency = {_text(currency)}" + ("" if given.reporting_currency else f" # {_TAKEN}")
    if listing.fiscal_year_end:
        yield f"fiscal_year_end = {_text(listing.fiscal_year_end)}"
    if listing.sec_cik is not None:
        yield f"sec_cik = {listing.sec_cik}"
    yield f"followed_since = {today}"


def _security_lines(company_id: str, listing: Listing, *, is_primary: bool) -> Iterator[str]:
    values: Mapping[str, str] = {
        "company": company_id,
        "exchange": listing.line.exchange,
        "code": listing.line.code,
        "name": listing.name,
        "currency": listing.currency,
    }
    yield "[[security]]"
    yield from (f"{name} = {_text(value)}" for name, value in values.items() if value)
    if is_primary:
        yield "is_primary = true"
    yield from (f"{name} = {_text(value)}" for name, value in vendor_codes(listing.line).items())


def _unknown(listing: Listing, there: Company | None, given: Given) -> Iterator[str]:
    if not listing.name and not given.name and there is None:
        yield f"name: {listing.line.code} stands in; give --name, or write it"
    if there is None and not given.reporting_currency:
        yield f"reporting_currency: {listing.currency} is {_TAKEN}, or give --reporting-currency"
    if there is None and not listing.fiscal_year_end:
        yield "fiscal_year_end: 12-31 holds as long as nothing is written"
    if there and listing.sec_cik is not None and there.sec_cik is None:
        yield f"sec_cik: write sec_cik = {listing.sec_cik} under [[company]] {there.id}, so that its filings are read"
    if listing.line.exchange == "XHKG" and (there is None or there.hkex_stock_id is None):
        yield "hkex_stock_id: the exchange's number for the title search is not on that list"
    if listing.line.is_us:
        yield 'kind: the list does not tell an ADS; if it is one, write kind = "ads" and shares_per_unit'
    if listing.line.is_us and "-" in listing.line.code:
        yield "codes: houses write a class of shares differently; only Yahoo's is filled"


def _text(value: str) -> str:
    """Write a TOML string; what JSON escapes, TOML reads."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _write(path: Path, content: bytes) -> None:
    """Write the file whole or not at all, durably."""
    half = path.with_name(f".{path.name}.half")
    try:
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            half.chmod(path.stat().st_mode & 0o777)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
