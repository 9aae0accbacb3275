"""From library websites to stored articles and events.

discover    where are the pages?            feeds, sitemaps, listings, WordPress REST -> Link
fetch       bring the page, politely        Link -> Capture, kept in WARC files
extract     what does the page say?         Capture -> Draft, by a site's layout or generically
clean       nothing but the article         Draft -> Article, every removal with its reason
enrich      what does it tell about?        Article -> Event: kind, dates, place, organisers
store       the truth                       versions, runs, accounts (SQLite)

Stages know the records (model), the sites and the vocabulary, never each other; the spider,
the pipelines and the commands join them.
"""
