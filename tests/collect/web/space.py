"""A space whose outlets are the hosts of a hostile web."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .texts import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

    from .hostile import HostileWeb
    from .site import Site

SPACE = """
id = "hostile"
title = "A web that means no good"
languages = [{languages}]

[subject]
id = "ukraine"
title = "Ukraine"
own_origins = ["ukraine"]
[subject.stems]
kk = ["украин"]
ru = ["украин"]
uz = ["ukrain"]
tk = ["ukrain"]
ky = ["украин"]
tg = ["украин"]
uk = ["україн"]
en = ["ukrain"]

[[origins]]
id = "ukraine"
title = "Ukraine"

[[origins]]
id = "central-asia"
title = "Central Asia"

[[topics]]
id = "economy"
title = "Economy and trade"
[topics.stems]
kk = ["сауда", "кәсіпкер"]
ru = ["торговл", "предпринимател"]
uz = ["savdo", "tadbirkor"]
tk = ["söwda", "telekeçi"]
ky = ["соода", "ишкер"]
tg = ["тиҷорат", "соҳибкор"]
uk = ["торгівл", "підприєм"]
en = ["trade", "business"]
"""

_COUNTRIES = {"kk": "KZ", "ru": "KZ", "uz": "UZ", "tk": "TM", "ky": "KG", "tg": "TJ", "uk": "UA", "en": "GB"}


def write_space(folder: Path, web: HostileWeb) -> Path:
    """Write ``space.toml`` and ``outlets/web.toml`` of a web that is listening."""
    (folder / "outlets").mkdir(parents=True, exist_ok=True)
    tags = ", ".join(f'"{tag}"' for tag in LANGUAGES.values())
    (folder / "space.toml").write_text(SPACE.replace("{languages}", tags), encoding="utf-8")
    outlets = "".join(_write_outlet(site) for site in web.sites.values())
    (folder / "outlets" / "web.toml").write_text(outlets, encoding="utf-8")
    return folder


def _write_outlet(site: Site) -> str:
    lists = ""
    for key, paths in (("feeds", site.feeds), ("sitemaps", site.sitemaps)):
        if paths:
            lists += f"{key} = {[site.base + path for path in paths]}\n".replace("'", '"')
    return (
        f'[[outlet]]\nid = "{site.name}"\nname = "{site.name.replace("-", " ").title()}"\n'
        f'origin = "{"ukraine" if site.lang == "uk" else "central-asia"}"\ncountry = "{_COUNTRIES[site.lang]}"\n'
        f'kind = "portal"\nlanguages = ["{LANGUAGES[site.lang]}"]\ndomains = ["{site.address}"]\n'
        f'home = "{site.base}{site.home}"\n{lists}\n'
    )
