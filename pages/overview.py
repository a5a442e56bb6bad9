"""Overview: six answers, each a link to its figure; whether a team is there; what is changing, and what is new."""

from portal.page import Columns, Figure, Page, Section, Text, Tiles

PAGE = Page("overview", "Overview", "How is the pilot doing?", lead="overview.answer", help=True, asks=True,
            choice="period", sections=(
    Section("Six answers",
            Tiles("response.met", "service.coverage", "response.minutes", "outcome.conduct", "care.referral_detail",
                  "equity.people"),
            Text("overview/links"),
            Figure("service.reach", "loud"),
            Columns(Figure("change.all"), Figure("overview.new"), Text("overview/about"))),
))
