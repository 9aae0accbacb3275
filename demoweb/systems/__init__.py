"""The five content systems: an address and a site's articles in, a reply out. No I/O, no clock."""
