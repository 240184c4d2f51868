import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "rehearsal.md"


def test_the_page_s_example_runs(tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    signing, workloads, *_ = blocks
    script = tmp_path / "example.py"
    script.write_text(f"{signing}\n{workloads}\nprint(sigstore.identity(branch).san)\n")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)], capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    assert done.stdout == (
        "https://github.com/owner/name/.github/workflows/release.yml@refs/heads/main\n"
    )
