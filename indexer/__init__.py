"""Analysis, index and search of library articles."""
