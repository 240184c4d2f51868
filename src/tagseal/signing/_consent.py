"""Consent to publish."""

from tagseal.core.errors import SigningError
from tagseal.core.paths import display

__all__ = ["consent"]


def consent(visibility: str | None, *, is_public_log: bool, given: bool) -> None:
    """Refuse to sign into a public log for a repository that may be private, without consent.

    A public log keeps the repository's name, the workflow's and the digests for ever and for all.
    ``visibility`` is what the CI says of the repository; anything but ``public``, also nothing,
    needs ``given``. Raises SigningError: signing-needs-consent.

    >>> consent("public", is_public_log=True, given=False)
    >>> consent("private", is_public_log=False, given=False)
    >>> consent(None, is_public_log=True, given=False)
    Traceback (most recent call last):
        ...
    tagseal.core.errors.SigningError: nothing says that the repository is public
    """
    if given or not is_public_log or visibility == "public":
        return
    message = "nothing says that the repository is public"
    if visibility is not None:
        message = f'the repository is "{display(visibility[:40])}", and the log is public'
    raise SigningError("signing-needs-consent", message)
