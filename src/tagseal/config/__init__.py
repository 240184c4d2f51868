"""The project's configuration: ``[tool.tagseal]`` of pyproject.toml, or tagseal.toml.

Bytes come in, values go out: reading the files is somebody else's work, because a verifier reads
the *proven* configuration (the blob of the tagged tree), never one from a disk. Both spellings hold
the same tables; tagseal.toml has them at its top level. Two configurations are refused.

=====================  =============================================================================
``repository``         the https URL of the source repository
``tag``                a tag's name with exactly one ``{version}``; ``v{version}`` when left out
``[[archive]]``        one archive or group of archives; ``builder`` decides which other keys it has
``[[expect]]``         features of a built archive that must be on
``[[rule]]``           what explains a file of the project's own; see `tagseal.contents.rules`
=====================  =============================================================================

Everything that is wrong is found in one pass and raised as one error, each problem with the path of
its key:

>>> config = load_config({"tagseal.toml": b'''
... tag = "release-{version}"
... [[archive]]
... builder = "source"
... formats = ["tar.gz", "zip"]
... '''})
>>> config.archives[0].formats
('tar.gz', 'zip')
>>> tag_version(config.tag, "release-1.2")
'1.2'
>>> load_config({"tagseal.toml": b'tags = "v{version}"\\n[[archive]]\\nbuilder = "sauce"'})
Traceback (most recent call last):
    ...
tagseal.core.errors.ConfigError: tagseal.toml: 2 errors in the configuration:
- tags: there is no such key (did you mean "tag"?)
- archive[0].builder: "sauce" is not one of "command", "python", "source" (did you mean "source"?)
"""

from tagseal.config._load import load_config
from tagseal.config._model import (
    ArchiveConfig,
    ArchiveFormat,
    CommandArchive,
    Config,
    ExpectConfig,
    PythonArchive,
    RuleConfig,
    SourceArchive,
)
from tagseal.config._project import (
    BuildSystem,
    build_system,
    project_name,
    project_version,
    read_toml,
)
from tagseal.config._tags import check_tag_pattern, tag_version, version_tag

__all__ = [
    "ArchiveConfig",
    "ArchiveFormat",
    "BuildSystem",
    "CommandArchive",
    "Config",
    "ExpectConfig",
    "PythonArchive",
    "RuleConfig",
    "SourceArchive",
    "build_system",
    "check_tag_pattern",
    "load_config",
    "project_name",
    "project_version",
    "read_toml",
    "tag_version",
    "version_tag",
]
