"""What every JSON document begins with: the command that it is of, and the version of its keys."""

__all__ = ["document_format"]

_VERSION = 1


def document_format(command: str | None) -> str:
    """Return the value of ``format``: ``tagseal-COMMAND/1``, or ``tagseal/1`` of no command.

    The number changes when a key changes its meaning or goes; new keys do not change it.

    >>> document_format("verify")
    'tagseal-verify/1'
    """
    return f"tagseal-{command}/{_VERSION}" if command is not None else f"tagseal/{_VERSION}"
