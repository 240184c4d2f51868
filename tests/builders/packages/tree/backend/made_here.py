"""A build backend in the tree; `behaviour` may be replaced by a test."""

import json
import os
import pathlib

from behaviour import act


def _made(folder, name, content):
    pathlib.Path(folder, name).write_bytes(content)
    return act(pathlib.Path(folder), name)


def build_sdist(sdist_directory, config_settings=None):
    return _made(sdist_directory, "demo-1.0.tar.gz", b"an sdist")


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    here = [path.name for path in pathlib.Path().iterdir()]
    state = {"environ": dict(os.environ), "umask": os.umask(0), "cwd": here}
    return _made(wheel_directory, "demo-1.0-py3-none-any.whl", json.dumps(state).encode())
