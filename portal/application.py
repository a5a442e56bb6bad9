"""Everything the portal answers, put together from its rooms."""

from portal.brief.routes import MEETING
from portal.exports.api import API
from portal.exports.downloads import DOWNLOADS
from portal.exports.feeds import FEEDS
from portal.server import routes

ROUTES = [*MEETING, *API, *FEEDS, *DOWNLOADS, *routes.ROUTES]
