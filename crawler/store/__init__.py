"""The truth: articles with their versions, captures, runs; SQLite and WARC files."""
