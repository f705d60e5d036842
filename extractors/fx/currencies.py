"""Which currencies a watch list needs rates of."""

from extractors.watchlist import WatchList

ALWAYS = frozenset({"CNY", "EUR", "HKD", "USD"})


def currencies_of(watchlist: WatchList) -> tuple[str, ...]:
    """List USD, HKD, CNY, EUR and those in which the list's lines trade and its companies report, in order."""
    traded = {line.currency for line in watchlist.securities}
    reported = {company.reporting_currency for company in watchlist.companies}
    return tuple(sorted(ALWAYS | traded | reported))
