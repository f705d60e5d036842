"""`dragongate sources`: what is registered, its needs, its pace, its tables, its last outcome."""

from extractors.registry import EXTRACTORS
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption, settings_of
from flows.commands.terminal import OUT, as_json, table
from warehouse.home import Home
from warehouse.status import last_outcomes, muted_sources


def sources(home: HomeOption = DEFAULT_HOME, json: JsonOption = False) -> None:
    """List every source, whether it is asked, what it needs and how it last answered."""
    place = Home(home)
    settings = settings_of(place)
    last, muted = last_outcomes(place), muted_sources(place)
    listed = [
        {
            "source": one.source.id,
            "kind": one.source.kind,
            "gives": one.source.title,
            "is_enabled": settings.is_enabled(one.source),
            "why_off": settings.why_off(one.source),
            "needs": one.source.needs,
            "pace_seconds": settings.pace_seconds(one.source),
            "tables": ", ".join(one.source.tables),
            "terms": one.source.terms,
            "terms_url": one.source.terms_url,
            "may_be_redistributed": one.source.may_be_redistributed,
            "last_outcome": last.get(one.source.id),
            "muted": muted.get(one.source.id, ""),
        }
        for one in EXTRACTORS
    ]
    if json:
        as_json(listed)
        return
    table(
        "Sources",
        ["source", "kind", "on", "needs", "pace s", "last outcome"],
        [
            [one[name] for name in ("source", "kind", "is_enabled", "needs", "pace_seconds", "last_outcome")]
            for one in listed
        ],
    )
    table(
        "What they fill, and their terms",
        ["source", "core tables", "terms"],
        [[one["source"], str(one["tables"]).replace("core.", "").replace(", ", "\n"), one["terms"]] for one in listed],
    )
    for one in listed:
        if one["muted"]:
            OUT.print(f"{one['source']} is {one['muted']}", markup=False)
        if one["why_off"]:
            OUT.print(str(one["why_off"]), markup=False)
