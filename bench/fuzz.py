"""tests/fuzz and tests/bad_input in their long form: 200 cases an operation, 10,000 files.

Takes about two hours on two cores.
"""

import sys

import faults

if __name__ == "__main__":
    sys.exit(faults.main(("tests/fuzz", "tests/bad_input")))
