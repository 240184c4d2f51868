import json

import pytest

from support_contents import File
from support_rules import EXECUTABLE, commit_id, explained

OLD = b"""[package]
name = "my-crate"
version = "1.2.3"
edition = "2021"
links = "z"
license.workspace = true

[lib]
proc_macro = false

[[bin]]
name = "tool"
path = "src/tool.rs"
required-features = ["std"]

[features]
default = ["std"]
std = []

[dependencies]
log = { version = "0.4", path = "../log", features = ["b", "a"], default_features = false }
shared = { workspace = true, features = ["x"], optional = true }
plain.workspace = true
full = { workspace = true, default-features = true }

[dev-dependencies]
local = { path = "../local" }
quick = "1"

[target.'cfg(unix)'.dependencies]
libc = "0.2"

[lints]
workspace = true

[profile.release]
debug = true
lto = "fat"

[workspace]
members = ["x"]

[workspace.package]
license = "MIT"

[workspace.lints.rust]
unsafe_code = "forbid"

[workspace.dependencies]
shared = { version = "2", path = "shared", features = ["y"] }
plain = "3"
full = { version = "4", default-features = false }
"""
NEW = b"""# written by cargo
[package]
edition = "2021"
name = "my-crate"
version = "1.2.3"
links = "z"
build = "build.rs"
autolib = false
autobins = false
readme = "README.md"
license = "MIT"

[lib]
name = "my_crate"
path = "src/lib.rs"
proc-macro = false

[[bin]]
name = "tool"
path = "src/tool.rs"
required-features = ["std"]

[[bin]]
name = "my-crate"
path = "src/main.rs"

[[example]]
name = "show"
path = "examples/show.rs"

[[test]]
name = "all"
path = "tests/all/main.rs"

[features]
default = ["std"]
std = []

[dependencies.log]
version = "0.4"
features = ["a", "b"]
default-features = false

[dependencies.shared]
version = "2"
features = ["x", "y"]
optional = true

[dependencies.plain]
version = "3"

[dependencies.full]
version = "4"

[dev-dependencies.quick]
version = "1"

[target."cfg(unix)".dependencies.libc]
version = "0.2"

[lints.rust]
unsafe_code = "forbid"

[profile.release]
debug = 2
lto = "fat"
"""
FILES = ["build.rs", "src/lib.rs", "src/main.rs", "src/tool.rs", "examples/show.rs"]
FILES += ["tests/all/main.rs", "tests/fixture.rs", "README.md"]
CRATE: dict[bytes, File] = {path.encode(): path.encode() for path in FILES}


def normalised(new: File, old: bytes = OLD, crate: dict[bytes, File] = CRATE) -> bool:
    tree = {**crate, b"Cargo.toml": old}
    rules = explained(tree, {**tree, b"Cargo.toml": new})
    return rules.get("Cargo.toml") == "cargo-manifest"


def test_a_manifest_that_cargo_spelled_out() -> None:
    assert normalised(NEW)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # The package.
        (b'edition = "2021"\n', b""),
        (b'edition = "2021"', b'edition = "2015"'),
        (b'links = "z"\n', b""),
        (b'name = "my-crate"\nversion', b'name = "other"\nversion'),
        (b'version = "1.2.3"', b'version = "1.2.4"'),
        (b'license = "MIT"', b'license = "GPL"'),
        (b"autolib = false", b"autolib = true"),
        (b'readme = "README.md"', b"readme = 1"),
        (b'build = "build.rs"', b"build = false"),
        (b'build = "build.rs"', b'build = "tests/fixture.rs"'),
        (b'links = "z"', b'links = "z"\ndefault-run = "tool"'),
        (b"[features]", b"[patch.crates-io]\nlog.path = 'x'\n[features]"),
        (b"[features]", b"[workspace]\n[features]"),
        (b"# written", b'cargo-features = ["x"]\n# written'),
        # Targets.
        (b'path = "src/lib.rs"', b'path = "tests/fixture.rs"'),
        (b'path = "src/lib.rs"', b'path = "src/none.rs"'),
        (b"proc-macro = false", b"proc-macro = true"),
        (b"proc-macro = false", b"proc-macro = 0"),
        (b"proc-macro = false", b'proc-macro = false\ncrate-type = ["cdylib"]'),
        (b'path = "src/main.rs"', b'path = "tests/fixture.rs"'),
        (b'path = "src/main.rs"', b'path = "../evil.rs"'),
        (b'path = "src/main.rs"\n', b""),
        (b'path = "src/main.rs"', b'path = "src/main.rs"\nharness = false'),
        (b'path = "src/tool.rs"', b'path = "src/main.rs"'),
        (b'path = "src/tool.rs"\nrequired-features = ["std"]', b'path = "src/tool.rs"'),
        (b'name = "tool"', b'name = "evil"'),
        (b'name = "show"', b'name = "evil"'),
        (b'path = "tests/all/main.rs"', b'path = "tests/fixture.rs"'),
        (b"[[example]]", b"[example]"),
        (b'[lib]\nname = "my_crate"\npath = "src/lib.rs"\nproc-macro = false\n', b""),
        # Features and dependencies.
        (b"std = []", b'std = ["log/evil"]'),
        (b'default = ["std"]', b"default = []"),
        (b'version = "0.4"\n', b""),
        (b'version = "0.4"', b'version = "0.3"'),
        (b'version = "0.4"', b'version = "0.4"\npackage = "evil"'),
        (b'version = "0.4"', b'version = "0.4"\ngit = "https://evil"'),
        (b'version = "0.4"', b'version = "0.4"\nregistry-index = "https://evil"'),
        (b'features = ["a", "b"]\ndefault-features = false', b'features = ["a", "b"]'),
        (b'features = ["a", "b"]', b'features = ["a", "b", "evil"]'),
        (b'features = ["a", "b"]', b"features = [1]"),
        (b'version = "2"', b'version = "1"'),
        (b'version = "2"', b'version = "2"\npackage = "evil"'),
        (b"optional = true\n", b""),
        (b'[dependencies.plain]\nversion = "3"', b""),
        (b'version = "3"', b'version = "3"\ndefault-features = false'),
        (b"[dependencies.plain]", b'[dependencies.evil]\nversion = "1"\n[dependencies.plain]'),
        (
            b"[dependencies.plain]",
            b'[build-dependencies.evil]\nversion = "1"\n[dependencies.plain]',
        ),
        (b'[dev-dependencies.quick]\nversion = "1"', b""),
        (b"cfg(unix)", b"cfg(all())"),
        (b'libc]\nversion = "0.2"', b'evil]\nversion = "0.2"'),
        (b'[target."cfg(unix)".dependencies.libc]', b'[target."cfg(unix)".evil.libc]'),
        (b'[target."cfg(unix)".dependencies.libc]\nversion = "0.2"', b""),
        # Lints and profiles.
        (b'unsafe_code = "forbid"', b'unsafe_code = "allow"'),
        (b'lto = "fat"', b"lto = false"),
        (b"debug = 2", b"debug = 0"),
        (b"[lints.rust]", b"lints = 1 # [lints.rust]"),
        # What is malformed.
        (b"[features]", b"[features"),
        (b"# written", b"# \xff"),
        (b"[[test]]", b"[[test]]\n[[test]]"),
    ],
)
def test_a_manifest_that_asks_for_something_else(old: bytes, new: bytes) -> None:
    changed = NEW.replace(old, new, 1)
    assert changed != NEW
    assert not normalised(changed)


@pytest.mark.parametrize("value", ["5", '"x"', "[5]", "{}", "[[1]]", "[]"])
@pytest.mark.parametrize(
    "key", ["lib", "bin", "test", "dependencies", "target", "profile", "package"]
)
def test_a_value_of_another_type_is_no_error(key: str, value: str) -> None:
    """Not even in the tree: whoever compares may be looking at any repository."""
    document = f"{key} = {value}\n".encode()
    normalised(document)
    normalised(NEW, document)
    assert not normalised(document + b'[features]\ndefault = ["evil"]\n')


def test_what_a_workspace_gives_is_looked_up_in_its_own_manifest() -> None:
    """Never in the archive, and never without one."""
    member, _, rest = OLD.partition(b"[workspace]\n")
    root = b"[workspace]\n" + rest
    tree: dict[bytes, File] = {b"sub/my/" + path: file for path, file in CRATE.items()}
    tree[b"sub/my/Cargo.toml"] = member

    def published(workspace: dict[bytes, File], new: bytes = NEW) -> bool:
        archive = {**CRATE, b"Cargo.toml": new}
        found = explained({**tree, **workspace}, archive)
        return found.get("sub/my/Cargo.toml", found.get("Cargo.toml")) == "cargo-manifest"

    assert published({b"Cargo.toml": root})
    assert published({b"sub/Cargo.toml": root, b"Cargo.toml": b"[workspace]\n"})
    assert published({b"sub/Cargo.toml": b"[package]\n", b"Cargo.toml": root})
    assert not published({b"Cargo.toml": root.replace(b'"2"', b'"3"')})
    assert not published({b"Cargo.toml": b"[package]\n"})
    assert not published({})


def test_a_manifest_in_another_folder_is_not_what_cargo_writes() -> None:
    tree: dict[bytes, File] = {b"sub/" + path: file for path, file in CRATE.items()}
    tree |= {b"sub/Cargo.toml": OLD, b"other": b"1"}
    assert explained(tree, {**tree, b"sub/Cargo.toml": NEW}) == {}


def test_a_build_script_that_cargo_finds_is_the_commits() -> None:
    without = {path: file for path, file in CRATE.items() if path != b"build.rs"}
    none = NEW.replace(b'build = "build.rs"', b"build = false")
    assert normalised(none, crate=without)
    assert not normalised(NEW, crate=without)
    named = OLD.replace(b"links", b'build = "src/tool.rs"\nlinks')
    assert normalised(NEW.replace(b'"build.rs"', b'"src/tool.rs"'), named)
    assert not normalised(NEW, named)
    assert not normalised(NEW.replace(b'build = "build.rs"\n', b""), named)


def test_what_is_not_at_hand_is_not_explained() -> None:
    assert not normalised((EXECUTABLE, NEW))
    assert not normalised(NEW, b"malformed")
    tree = {**CRATE, b"Cargo.toml": OLD}
    archive = {**CRATE, b"Cargo.toml": NEW}
    assert explained(tree, archive, kept=lambda _: False) == {}
    assert explained(tree, archive, standings=("proven",)) == {}


def test_a_path_that_is_no_text() -> None:
    assert not normalised(NEW.replace(b'"src/tool.rs"', b"5"), OLD.replace(b'"src/tool.rs"', b"5"))


def test_a_crate_without_a_library() -> None:
    crate = {path: file for path, file in CRATE.items() if path != b"src/lib.rs"}
    lib = b'[lib]\nname = "my_crate"\npath = "src/lib.rs"\nproc-macro = false\n'
    old = OLD.replace(b"[lib]\nproc_macro = false\n", b"")
    assert normalised(NEW.replace(lib, b""), old, crate)
    assert not normalised(NEW.replace(lib, b""), old)


# The note of the commit.


A: dict[bytes, File] = {b"a": b"a"}


def noted(
    info: object, tree: dict[bytes, File] = A, archive: dict[bytes, File] | None = None
) -> bool:
    text = info if isinstance(info, bytes) else json.dumps(info).encode()
    rules = explained(tree, {**(archive or tree), b".cargo_vcs_info.json": text})
    return "cargo-vcs-info" in rules.values()


def test_the_note_of_the_commit() -> None:
    own = commit_id(A)
    git = {"git": {"sha1": own}}
    assert noted(git)
    assert noted({**git, "path_in_vcs": ""})
    for other in (
        {**git, "path_in_vcs": "sub"},
        {**git, "path_in_vcs": []},
        {**git, "path_in_vcs": None},
        {**git, "evil": 1},
        {"git": {"sha1": own, "dirty": True}},
        {"git": {"sha1": "0" * 40}},
        {"git": own},
        [],
        json.dumps(git).encode() + b"x",
        json.dumps(git).encode("utf-16"),
        b'{"git": {"sha1": "' + own.encode() + b'"}, "git": {"sha1": "' + own.encode() + b'"}}',
    ):
        assert not noted(other), other


def test_the_note_names_the_folder_of_the_crate() -> None:
    tree: dict[bytes, File] = {b"sub/a": b"a", b"sub/b": b"b", b"c": b"c"}
    git = {"git": {"sha1": commit_id(tree)}}
    archive = {b"a": b"a", b"b": b"b"}
    assert noted({**git, "path_in_vcs": "sub"}, tree, archive)
    assert not noted(git, tree, archive)
    assert not noted({**git, "path_in_vcs": "sub/"}, tree, archive)


def test_a_note_that_is_executable() -> None:
    text = json.dumps({"git": {"sha1": commit_id(A)}}).encode()
    assert explained(A, {**A, b".cargo_vcs_info.json": (EXECUTABLE, text)}) == {}
    # Cargo writes it once; elsewhere it would put a folder where the commit has none.
    assert explained(A, {**A, b"check/.cargo_vcs_info.json": text}) == {}


# The lock.

SUM = "0" * 64
INDEX = "registry+https://github.com/rust-lang/crates.io-index"
MANIFEST = b"""[package]
name = "c"
version = "1.2.3"
[dependencies]
log = "0.4"
renamed = { version = "1", package = "real" }
[target.'cfg(unix)'.build-dependencies]
libc = "0.2"
"""
LOCK = f'''version = 4

[[package]]
name = "c"
version = "1.2.3"
dependencies = ["libc", "log 0.4.1", "real"]

[[package]]
name = "libc"
version = "0.2.1"
source = "{INDEX}"
checksum = "{SUM}"

[[package]]
name = "log"
version = "0.4.1"
source = "{INDEX}"
checksum = "{SUM}"
dependencies = ["value"]

[[package]]
name = "real"
version = "1.0.0"
source = "{INDEX}"
checksum = "{SUM}"

[[package]]
name = "value"
version = "1.0.0"
source = "{INDEX}"
checksum = "{SUM}"
'''


def locked(lock: str, manifest: bytes = MANIFEST, **options: object) -> bool:
    tree: dict[bytes, File] = {b"Cargo.toml": manifest}
    found = explained(tree, {**tree, b"Cargo.lock": lock.encode()}, **options)
    return found.get("Cargo.lock") == "cargo-lock"


def test_a_lock_of_releases() -> None:
    assert locked(LOCK)
    assert not locked(LOCK, kept=lambda path: path != b"t-1/Cargo.lock")
    assert locked(LOCK, kept=lambda path: path == b"t-1/Cargo.lock")


def test_an_old_lock_lists_its_checksums_apart() -> None:
    old = LOCK.replace(f'checksum = "{SUM}"\n', "").replace("version = 4\n", "")
    names = ("libc 0.2.1", "log 0.4.1", "real 1.0.0", "value 1.0.0")
    sums = "".join(f'"checksum {name} ({INDEX})" = "{SUM}"\n' for name in names)
    assert locked(f"{old}\n[metadata]\n{sums}")
    assert not locked(old)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (INDEX, "git+https://evil"),
        (INDEX, "registry+https://evil"),
        (f'checksum = "{SUM}"\n', ""),
        (SUM, "x" * 64),
        ('"value"', '"none"'),
        ('["value"]', "5"),
        ('["value"]', "[5]"),
        ('["libc", "log 0.4.1", "real"]', '["libc", "log 0.4.1", "real", "value"]'),
        ('name = "c"\nversion = "1.2.3"', 'name = "c"\nversion = "1.2.4"'),
        ('name = "c"', 'name = "d"'),
        ('name = "c"', f'name = "c"\nchecksum = "{SUM}"'),
        ('name = "c"', f'name = "c"\nsource = "{INDEX}"'),
        ('name = "c"', 'name = "c"\nreplace = "x"'),
        ("version = 4", "version = 4\n[patch]\n"),
        ("version = 4", "version = "),
        ("[[package]]", '[[package]]\nname = "c"\nversion = "1.2.3"\n[[package]]'),
        (
            "[[package]]",
            f'[[package]]\nname = "evil"\nversion = "1"\nsource = "{INDEX}"\n[[package]]',
        ),
        ("[[package]]", '[[package]]\nname = "evil"\nversion = "1"\n[[package]]'),
    ],
)
def test_a_lock_of_something_else(old: str, new: str) -> None:
    assert old in LOCK
    assert not locked(LOCK.replace(old, new, 1))


@pytest.mark.parametrize("lock", ["", "version = 4\n", "package = 5\n", "package = [5]\n"])
def test_a_lock_without_packages(lock: str) -> None:
    assert not locked(lock)


def test_a_lock_without_its_manifest() -> None:
    assert explained({}, {b"Cargo.lock": LOCK.encode()}) == {}
    tree: dict[bytes, File] = {b"Cargo.toml": MANIFEST}
    archive: dict[bytes, File] = {b"Cargo.toml": MANIFEST + b"# x", b"Cargo.lock": LOCK.encode()}
    assert "Cargo.lock" in explained(tree, archive)
    assert "Cargo.lock" not in explained(tree, archive, kept=lambda p: p.endswith(b".lock"))
    assert "Cargo.lock" not in explained({}, archive, kept=lambda p: p.endswith(b".lock"))
    assert not locked(LOCK, b"malformed")
    executable = {**tree, b"Cargo.lock": (EXECUTABLE, LOCK.encode())}
    assert explained(tree, executable) == {}
