"""The settings file that `dragongate init` writes: every field, commented out, with what holds without it."""

from pathlib import Path

from extractors.settings import FILE, BadSettings

TEMPLATE = """\
# Settings of Dragongate. Every line that is commented out shows what holds without it.

# Who asks. It goes out with every request; some publishers answer nobody without one.
# The environment variable DRAGONGATE_CONTACT comes before it.
# contact = "you@example.org"

# Answer from the archive alone and open no connection to any source.
# offline = false

# Ask for robots.txt first and keep to it.
# robots = true

# Hosts, by name, that may have an address inside your own network.
# allowed_addresses = ["feeds.intranet.example"]

# Your way out to the internet, if there is only one, and your own certificate authorities.
# proxy = "http://proxy.example:3128"
# ca_bundle = "/etc/ssl/certs/ca-certificates.crt"

# What one answer may cost.
# [limits]
# body_bytes = 67108864
# decoded_bytes = 268435456
# connect_seconds = 10.0
# read_seconds = 30.0
# total_seconds = 120.0
# redirects = 5
# attempts = 4
# retry_after_seconds = 120.0

# What `dragongate housekeep` keeps: days, gigabytes, generations; 0 keeps everything.
# [keep]
# archive_days = 0
# archive_gigabytes = 0.0
# prefect_days = 90
# log_days = 30
# generations = 5

# Who hears of what is wrong. The addresses are secrets: DRAGONGATE_NOTIFY in the environment, several by blanks.
# [notify]
# min_severity = "page"
# digest_hour = 9
# digest_zone = "Asia/Hong_Kong"
# quiet = []
# settle_hours = 6.0
# longest_hours_without_run = 26.0
# page_url = "https://status.example.org/"

# Seconds between two requests, where a source should be asked more slowly.
# [paces]
# ecb_rates = 5.0

# Where the status service listens. Beyond this machine it asks for DRAGONGATE_SERVICE_PASSWORD.
# [service]
# host = "127.0.0.1"
# port = 4243

# A source that is off until somebody stands for it: who, since when, on what ground.
# Its key or cookie, if it needs one, comes from the environment: DRAGONGATE_SECRET_ and the source in capitals.
# [source.hkexnews_search]
# enabled = true
# by = "your name"
# on = 2026-01-01
# because = "permission by letter of 2025-12-20"
"""


def write_template(home: Path) -> Path:
    """Write a commented settings file into a home folder.

    Raises BadSettings when one is there already or the folder cannot be written.
    """
    path = home / FILE
    try:
        with path.open("x", encoding="utf-8") as out:
            out.write(TEMPLATE)
    except FileExistsError as error:
        raise BadSettings(f"{path}: exists already; edit it, or move it away first") from error
    except OSError as error:
        raise BadSettings(
            f"{path}: cannot be written ({error.strerror}); choose a folder that you may write"
        ) from error
    return path
