"""`python -m portal.builder`: the builder that a server starts beside itself."""

import sys

from portal.builder.process import main

if __name__ == "__main__":
    sys.exit(main())
