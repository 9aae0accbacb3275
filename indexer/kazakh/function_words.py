"""Closed classes: words whose forms are listed, not derived."""

from __future__ import annotations

from functools import cache

from indexer.kazakh.tables import rows_of, text_of


@cache
def function_forms() -> dict[str, str]:
    """Form -> dictionary form, for pronouns, particles, conjunctions and irregular verbs.

    Where two words share a form (``мен`` is "I" and "with") the first row of the file holds.
    """
    forms: dict[str, str] = {}
    for lemma, listed in rows_of("function_words.tsv", 2):
        for form in (lemma, *listed.split()):
            forms.setdefault(form, lemma)
    return forms


@cache
def stop_words() -> frozenset[str]:
    """Words too common to search for, in Kazakh and Russian, as they stand in text."""
    lines = text_of("stopwords.txt").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
