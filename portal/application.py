"""Everything the portal answers, put together from its rooms."""

from portal.brief.routes import MEETING
from portal.exports.routes import EXPORTS
from portal.server import routes

ROUTES = [*MEETING, *EXPORTS, *routes.ROUTES]
