"""Nothing but the article: a list of cleaners that can be read from top to bottom."""
