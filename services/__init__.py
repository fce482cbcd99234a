"""Dateline's services; they meet only in the messages of `schemas`."""

# Said here and not asked of the installed package: an image holds these files, and no installed package.
VERSION = "0.1.0"
