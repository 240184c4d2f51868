"""Recomputing a Python distribution's metadata from the tagged commit's pyproject.toml.

A build backend writes files that are in no tree: ``PKG-INFO``, ``METADATA``, ``WHEEL``, ``RECORD``,
``entry_points.txt`` and setuptools' ``*.egg-info/`` and ``setup.cfg``. They decide what an
installer does (a dependency that a build hook adds is code that runs), so they never pass by their
name or by a pattern. Each is recomputed, field by field, from what is proven: the configuration
(``pyproject.toml``, as its bytes in the tree), the version that the tag holds, the commit, and the
archive's own listing. What backends write differently without meaning anything else (order,
quoting, the place of an ``extra`` marker, how people are listed) is put into one form first. The
one dynamic field is the version.

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

from tagseal.contents.metadata._check import check_metadata, missing_metadata
from tagseal.contents.metadata._model import Distribution, MetadataInputs, MetadataResult
from tagseal.contents.metadata._roles import metadata_role

__all__ = [
    "Distribution",
    "MetadataInputs",
    "MetadataResult",
    "check_metadata",
    "metadata_role",
    "missing_metadata",
]
