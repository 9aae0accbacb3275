"""The measurements of benchmarks/search.py, one a module."""
