"""The compiler for workshop websites."""

__version__ = "0.1.0"
