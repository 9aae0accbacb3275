"""A first look at a site: system, languages, sources and layout, as a file to review."""

from crawler.recognition.proposal import Proposal
from crawler.recognition.recognise import NotRecognisedError, recognise
from crawler.recognition.systems import languages_of, system_of

__all__ = ["NotRecognisedError", "Proposal", "languages_of", "recognise", "system_of"]
