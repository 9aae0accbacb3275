"""Real articles with their gold answers, kept apart from the project; tests skip without them."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("JARSHY_REFERENCE", ROOT.parent / "shared"))


def reference(name: str) -> Path:
    """The file or folder of that name, or the test is skipped."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"no reference data: {name} (set JARSHY_REFERENCE to its folder)")
    return path
