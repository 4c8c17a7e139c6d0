"""The page that shows a check-in code to a room, as large as the screen, with a QR code that opens Slack."""

from __future__ import annotations

from html import escape

import segno

from community.codes import Code
from community.events import title
from community.records import Event
from views.codes import spaced
from views.i18n import translator

_STYLE = """
:root { color-scheme: light }
body { margin: 0; min-height: 100vh; box-sizing: border-box; padding: 3vmin; display: flex; flex-direction: column;
  justify-content: space-evenly; align-items: center; text-align: center; gap: 2vmin;
  font-family: system-ui, sans-serif; background: #fff; color: #1d1c1d }
h1 { margin: 0; font-size: 4.5vmin; font-weight: 600 }
.code { margin: 0; font-size: 24vmin; line-height: 1; font-weight: 700; font-variant-numeric: tabular-nums }
.how { display: flex; flex-wrap: wrap; justify-content: center; align-items: center; gap: 4vmin }
.how svg { width: 26vmin; height: 26vmin }
p { margin: 1vmin 0; font-size: 3.2vmin; max-width: 60ch }
.how p { text-align: left }
.how p + p + p { margin-top: 3vmin }
.small { font-size: 2.6vmin; color: #454245 }
"""
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


def page(event: Event, code: Code, opens: str, seconds: float) -> str:
    """The page in both languages; it loads itself anew after `seconds`, when the code changes. No script."""
    en, fr = translator("en"), translator("fr")
    titles = dict.fromkeys(title(event, t.locale) for t in (en, fr))
    how = [
        t("In Slack, press “Enter the code” on the event’s card or on my Home tab, or type /praxis checkin {code}",
          code=code.digits)
        for t in (en, fr)
    ]  # fmt: skip
    scan = [t("This opens Slack; it does not check anybody in.") for t in (en, fr)]
    square = segno.make(opens, error="m").svg_inline(border=2, omitsize=True, title=" / ".join(scan))
    return _document(
        spaced(code),
        "".join(
            [
                *(f"<h1>{escape(name)}</h1>" for name in titles),
                f'<p class="code" aria-live="polite">{escape(spaced(code))}</p>',
                f'<div class="how">{square}<div>',
                f"<p>{escape(how[0])}</p>",
                f'<p lang="fr">{escape(how[1])}</p>',
                f'<p class="small">{escape(scan[0])}<br><span lang="fr">{escape(scan[1])}</span></p>',
                "</div></div>",
            ]
        ),
        refresh=max(1, round(seconds + 0.5)),
    )


def gone() -> str:
    """What stands where no code is shown, or no longer."""
    sentences = [
        t("No code is shown here any more. Press “Show the code” in Slack again.")
        for t in (translator("en"), translator("fr"))
    ]
    return _document("Praxis", f'<h1>{escape(sentences[0])}</h1><h1 lang="fr">{escape(sentences[1])}</h1>')


def _document(name: str, body: str, refresh: int | None = None) -> str:
    again = f'<meta http-equiv="refresh" content="{refresh}">' if refresh else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{again}<title>{escape(name)}</title><style>{_STYLE}</style></head><body>{body}</body></html>"
    )
