"""Where a visitor tells what is wrong: the City's configured URL, with what was on the screen."""

from urllib.parse import quote, urlencode, urlsplit

from portal.language import spoken, t


def feedback(url: str, slug: str, release: str, about: str) -> str:
    """The link to the City's feedback URL (PORTAL_FEEDBACK) for one page, its release and the language; "" where no
    URL is configured.

    `about` is what the visitor says by following it: `problem`, `useful` or `not-useful`.
    """
    if not url:
        return ""
    fields = {"page": f"/{slug}", "release": release or "none", "lang": spoken(), "about": about}
    join = "&" if urlsplit(url).query else "?"
    if url.startswith("mailto:"):
        subject = t("About the co-response site: {page}", page=fields["page"])
        return f"{url}{join}{urlencode({'subject': subject, 'body': urlencode(fields)}, quote_via=quote)}"
    return f"{url}{join}{urlencode(fields)}"
