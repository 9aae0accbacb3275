"""The one spider of all sites."""
