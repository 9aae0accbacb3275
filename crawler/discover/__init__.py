"""Where are the pages? Every function takes a document and gives links."""
