"""Where a visitor tells what is wrong: the City's configured address, with what was on the screen."""

from urllib.parse import quote, urlencode, urlsplit

from portal.language import spoken, t


def feedback(address: str, slug: str, release: str, about: str) -> str:
    """The link to the City's feedback address (PORTAL_FEEDBACK) for one page, its release and the language; "" where no
    address is configured.

    `about` is what the visitor says by following it: `problem`, `useful` or `not-useful`.
    """
    if not address:
        return ""
    fields = {"page": f"/{slug}", "release": release or "none", "lang": spoken(), "about": about}
    join = "&" if urlsplit(address).query else "?"
    if address.startswith("mailto:"):
        subject = t("About the co-response site: {page}", page=fields["page"])
        return f"{address}{join}{urlencode({'subject': subject, 'body': urlencode(fields)}, quote_via=quote)}"
    return f"{address}{join}{urlencode(fields)}"
