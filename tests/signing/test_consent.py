import pytest

from tagseal.core.errors import SigningError
from tagseal.signing import consent


@pytest.mark.parametrize("visibility", ["private", "internal", "Public", "", None])
def test_all_but_public_needs_consent(visibility: str | None):
    with pytest.raises(SigningError) as caught:
        consent(visibility, is_public_log=True, given=False)
    assert caught.value.code == "signing-needs-consent"
    consent(visibility, is_public_log=True, given=True)
    consent(visibility, is_public_log=False, given=False)


def test_public_needs_none():
    consent("public", is_public_log=True, given=False)


def test_what_the_ci_says_is_escaped():
    with pytest.raises(SigningError, match=r"a\\x1bb"):
        consent("a\x1bb", is_public_log=True, given=False)
