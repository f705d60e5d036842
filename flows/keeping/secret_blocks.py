"""Keys that the operator keeps in Prefect: `DRAGONGATE_SECRET_FRED=prefect:fred-key` names a Secret block.

It is read where a source is about to be asked and at no other time, so that it travels in no flow parameter, and no
command that asks nobody needs a server.
"""

from collections.abc import Callable
from dataclasses import replace

from extractors.masking import hide
from extractors.settings import BadSettings, Secret, Settings, secret_variable
from flows.prefect_server import is_configured

PREFIX = "prefect:"


def with_blocks(settings: Settings, read: Callable[[str], str] | None = None) -> Settings:
    """Give settings in which every key is at hand; `read` gives the value of a block by its name.

    Raises BadSettings, naming the variable and the block, where there is no server, no such block, or no text in it.
    """
    named = {
        source_id: secret.reveal().removeprefix(PREFIX)
        for source_id, secret in settings.secrets.items()
        if secret.reveal().startswith(PREFIX)
    }
    if not named:
        return settings
    found = {source_id: _value(source_id, name, read or _block) for source_id, name in named.items()}
    hide(found.values())
    return replace(settings, secrets={**settings.secrets, **{name: Secret(value) for name, value in found.items()}})


def _value(source_id: str, name: str, read: Callable[[str], str]) -> str:
    try:
        value = read(name)
    except BadSettings as error:
        raise BadSettings(f"{secret_variable(source_id)}: {error}") from error
    except Exception as error:  # noqa: BLE001  its message may hold what the block holds
        raise BadSettings(
            f"{secret_variable(source_id)}: Prefect's block {name!r} cannot be read ({type(error).__name__}); "
            "make it under Blocks, of the type Secret"
        ) from None
    if not value or not value.isascii() or not value.isprintable():
        raise BadSettings(f"{secret_variable(source_id)}: Prefect's block {name!r} holds no line of plain ASCII")
    return value


def _block(name: str) -> str:
    if not is_configured():
        raise BadSettings(
            f"Prefect's block {name!r} needs a server: set PREFECT_API_URL, or write the key itself into .env"
        )
    from prefect.blocks.system import Secret as Block  # Prefect takes two seconds to import

    block = Block.load(name, _sync=True)  # type: ignore[call-arg, unused-ignore]
    return str(block.value.get_secret_value())  # type: ignore[union-attr, unused-ignore]
