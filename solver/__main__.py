"""`python -m solver COMMAND`."""

import sys

try:
    from solver.cli.main import main
except ModuleNotFoundError as missing:
    if (missing.name or "").partition(".")[0] == "solver":
        raise
    sys.exit(
        f"{missing.name} is not installed for {sys.executable}: run `. .venv/bin/activate` first, or call "
        "`.venv/bin/python -m solver`; `make demo` makes .venv (README.md)"
    )

if __name__ == "__main__":
    sys.exit(main())
