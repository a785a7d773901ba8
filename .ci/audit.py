"""Ask whether any locked dependency has a known vulnerability: `python .ci/audit.py`, or `make audit`.

1 where there is one. What could not be asked is told and fails nothing: a mirror may know packages and no
vulnerabilities, and then pip-audit by itself would say that there are none.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements/runtime.txt", "requirements/dev.txt")
LONGEST_SECONDS = 600


def main() -> int:
    """Audit every lock file; 1 where a vulnerability was found."""
    found = False
    for lock in LOCKS:
        told, is_vulnerable = judged(lock, *_asked(lock))
        sys.stdout.write(f"{told}\n")
        found |= is_vulnerable
    return 1 if found else 0


def judged(lock: str, answer: str, trouble: str) -> tuple[str, bool]:
    """What to say of an answer of pip-audit, and whether anything is vulnerable."""
    try:
        rows: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = trouble.strip().splitlines()[-1] if trouble.strip() else "it said nothing"
        return f"{lock}: NOT AUDITED, nothing could be asked: {last}", False
    skipped = [row for row in rows if "skip_reason" in row]
    faults = [
        f"  {row['name']} {row['version']}: {fault['id']}, mended in {' or '.join(fault['fix_versions']) or 'none yet'}"
        for row in rows
        for fault in row.get("vulns", ())
    ]
    if len(skipped) == len(rows):
        return f"{lock}: NOT AUDITED: the registry tells of vulnerabilities of none of {len(rows)} packages", False
    asked = f"{len(rows) - len(skipped)} of {len(rows)} packages audited"
    if not faults:
        return f"{lock}: {asked}, no known vulnerability", False
    return "\n".join((f"{lock}: {asked}, {len(faults)} known vulnerabilities:", *faults)), True


def _asked(lock: str) -> tuple[str, str]:
    """What pip-audit says of a lock file, and what it complains of."""
    audit = [str(Path(sys.executable).with_name("pip-audit")), "--disable-pip", "--requirement", str(ROOT / lock)]
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            [*audit, "--format", "json", "--progress-spinner", "off"],
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", str(error)
    return done.stdout, done.stderr


if __name__ == "__main__":
    sys.exit(main())
