"""`python -m xlplugin` is the command `xlplugin`."""

import sys

from xlplugin.cli import main

sys.exit(main())
