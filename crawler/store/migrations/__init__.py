"""How the store's tables grew, step by step; alembic takes the steps (crawler/store/migrating.py).

A new step: change `crawler/store/schema.py`, add `versions/v0002_<what>.py` with `revision` and
`down_revision`, set NEWEST. It names its own tables: schema.py goes on changing. The tests compare
what the steps make with what schema.py says, on both databases.
"""
