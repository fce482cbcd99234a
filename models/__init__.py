"""Learned weights and built tables that enrich loads, each with its card."""
