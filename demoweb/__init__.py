"""A small web of five library sites on loopback, each in the true markup of its content system.

`articles` reads what the sites tell, `systems` renders it as Joomla, WordPress, DLE, Bitrix and
uCoz do (pure: an address in, a reply out), `server` and `web` put the replies on five ports.
"""
