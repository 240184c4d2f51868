"""Recomputing a Python distribution's metadata from the tagged commit's pyproject.toml.

A build backend writes files that are in no tree: ``PKG-INFO``, ``METADATA``, ``WHEEL``, ``RECORD``,
``entry_points.txt`` and setuptools' ``*.egg-info/`` and ``setup.cfg``. They decide what an
installer does (a dependency that a build hook adds is code that runs), so they never pass by their
name or by a pattern. Each is recomputed, field by field, from what is proven: the configuration
(``pyproject.toml``, as its bytes in the tree), the version that the tag holds, the commit, and the
archive's own listing. What backends write differently without meaning anything else (order,
quoting, the place of an ``extra`` marker, how people are listed) is put into one form first.

What ``[project]`` declares dynamic is the build's to write, so it cannot be recomputed. The version
is the tag's. *Fields for display*, on which nothing that runs depends, become a note
("Summary: written by the build, not recomputed"), by the key that opens them:

==================  ================================================================
``authors``         Author, Author-email
``classifiers``     Classifier
``description``     Summary
``keywords``        Keywords
``license``         License, License-Expression
``license-files``   License-File, which names files of the tree all the same
``maintainers``     Maintainer, Maintainer-email
``readme``          Description, Description-Content-Type
``urls``            Project-URL, Home-page, Download-URL
==================  ================================================================

Every other key (``dependencies``, ``optional-dependencies``, ``requires-python``, ``scripts``,
``entry-points``, ``import-names``, …) decides what runs, and is a problem when it is dynamic. This
distinction exists because many honest projects leave their summary or readme to the build: were
that a problem, their users would have to allow the file as it is, and with it any ``Requires-Dist``
that somebody adds. Only the proven configuration can open a field. Whoever makes the archive of
a project that opens one can write anything there: a misleading description, a false author or
licence, a link to another place. They cannot add a dependency, a command or a name.

A field that stays closed is compared, always. A readme or licence text that comes from a file of
the tree is compared with that file's proven bytes; when they are not at hand that is a problem, for
whoever makes the archive chooses what to carry.

`metadata_role` says whether a file is metadata; `check_metadata` judges one file;
`missing_metadata` names what must be there and is not. Nothing is raised for what stands in the
files: whatever cannot be read is a problem of the result.

>>> from tagseal.contents.metadata import MetadataInputs, check_metadata, metadata_role
>>> inputs = MetadataInputs(
...     archive_name="tool-1.0.tar.gz", commit="0" * 40,
...     pyproject=b'[project]\\nname = "tool"\\nversion = "1.0"\\ndependencies = ["click>=8"]',
...     version="1.0", sources={}, tree_paths=frozenset([b"pyproject.toml"]), members={})
>>> metadata_role("sdist", b"tool-1.0/PKG-INFO", b"tool-1.0")
'PKG-INFO'
>>> honest = b"Metadata-Version: 2.4\\nName: tool\\nVersion: 1.0\\nRequires-Dist: click >=8\\n"
>>> check_metadata("sdist", b"tool-1.0/PKG-INFO", honest, inputs).recomputed
True
>>> hooked = honest + b"Requires-Dist: evil\\n"
>>> check_metadata("sdist", b"tool-1.0/PKG-INFO", hooked, inputs).problems
('Requires-Dist: the configuration does not yield "evil"',)

Sources: PyPA specifications "Core metadata", "pyproject.toml", "Binary distribution format",
"Recording installed projects", "Entry points", "Source distribution format"; setuptools'
documentation, "Python Eggs formats", for ``*.egg-info/``.
"""

from tagseal.contents.metadata._check import WANTED, check_metadata, missing_metadata
from tagseal.contents.metadata._model import Distribution, MetadataInputs, MetadataResult
from tagseal.contents.metadata._roles import metadata_role

__all__ = [
    "WANTED",
    "Distribution",
    "MetadataInputs",
    "MetadataResult",
    "check_metadata",
    "metadata_role",
    "missing_metadata",
]
