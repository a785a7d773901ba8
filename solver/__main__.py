"""`python -m solver COMMAND`."""

import sys

from solver.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
