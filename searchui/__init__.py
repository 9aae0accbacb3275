"""The pages, the feeds, the exports and the API over one data folder: `create_app(data, sites)`."""

from searchui.application import create_app
from searchui.serving import serve

__all__ = ["create_app", "serve"]
