"""Dateline's services; they meet only in the messages of `schemas`."""
