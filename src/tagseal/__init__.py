"""From a tagged commit to a download that proves itself.

tagseal builds release archives from a tagged commit, accounts for every file in them against that
commit, states the account as in-toto attestations, signs them with Sigstore, and lets whoever
downloads an archive check all of it offline.

The package is a command line (``tagseal``), a set of nox sessions (`tagseal.nox.register`) and an
embedded Sigstore for tests (`tagseal.rehearsal`).
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
