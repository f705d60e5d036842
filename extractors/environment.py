"""The environment of an installation: that of the process, and what the file `.env` in its home adds.

Know that    a variable of the process comes before the same one in the file, so that a single run can be given
             another key; the file is for this installation alone, so that it may hold nothing but DRAGONGATE_ names
"""

import logging
import os
import stat
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

from dotenv.parser import parse_stream

from extractors.settings import BadSettings

ENVIRONMENT_FILE = ".env"
PREFIX = "DRAGONGATE_"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO

log = logging.getLogger("dragongate")


def environment_of(home: Path, environment: Mapping[str, str]) -> Mapping[str, str]:
    """Give the environment with what `.env` in the home adds; warns when others than its owner may open that file.

    Raises BadSettings, naming file and line and never a value, for what is no line of such a file.
    """
    path = home / ENVIRONMENT_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return environment
    except UnicodeDecodeError as error:
        raise BadSettings(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise BadSettings(f"{path}: cannot be read ({error.strerror}); give it to the user that runs this") from error
    if open_to_others(path):
        log.warning("%s holds secrets and others may open it: `chmod 600 %s`", path, path)
    return {**_named(path, text), **environment}


def open_to_others(path: Path) -> bool:
    """Tell whether others than the owner may read or write a file; not known on Windows."""
    return os.name == "posix" and bool(path.stat().st_mode & _OTHERS)


def _named(path: Path, text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for binding in parse_stream(StringIO(text)):
        place = f"{path}:{binding.original.line}"
        if binding.error or (binding.key is not None and binding.value is None):
            raise BadSettings(f"{place}: expected NAME=value, one on each line")
        if binding.key is None or binding.value is None:
            continue  # an empty line or a remark
        if not binding.key.startswith(PREFIX):
            raise BadSettings(
                f"{place}: {binding.key}: only names that begin with {PREFIX} belong here; "
                "give others to the process itself"
            )
        if binding.key in found:
            raise BadSettings(f"{place}: {binding.key} stands here twice; keep one")
        found[binding.key] = binding.value
    return found
