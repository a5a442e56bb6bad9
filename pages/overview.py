"""Overview: six answers, each a link to its figure; whether a team is there; what is changing, and what is new."""

from portal.page import Columns, FigureCard, Page, Section, Text, Tiles

PAGE = Page("overview", "Overview", "How is the pilot doing?", lead="overview.answer", help=True, asks=True,
            choice="period", sections=(
    Section("Six answers",
            Tiles("response.met", "service.coverage", "response.minutes", "outcome.conduct", "care.referral_detail",
                  "equity.people"),
            Text("overview/links"),
            FigureCard("service.reach", "loud"),
            Columns(FigureCard("change.all"), FigureCard("overview.new"), Text("overview/about"))),
))
