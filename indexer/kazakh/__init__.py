"""Kazakh letters, scripts, words and stems: text in, text out, nothing else imported."""
