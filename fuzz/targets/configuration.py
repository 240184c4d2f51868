"""A tagged commit's configuration (`tagseal.config`)."""

from tagseal.config import load_config
from tagseal.core.errors import ConfigError

FILES = ("pyproject.toml", "tagseal.toml")


def check(data: bytes) -> None:
    """The bytes as either file are a configuration, none, or an error."""
    for name in FILES:
        files = {name: data}
        try:
            assert load_config(files) == load_config(files)
        except ConfigError:
            continue
