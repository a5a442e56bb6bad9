"""Accessibility and requests: whom to ask for an aid, how to ask, how to complain, how to report a barrier here."""

from portal.page import Form, Page, Part, Section, Text

PAGE = Page("accessibility", "Accessibility", "How can I take part?", lead="", sections=(
    Section("Whom to ask, and for what", Text("accessibility/contact"), Text("accessibility/aids")),
    Section("Write your request", Text("accessibility/helper"), Form("request")),
    Section("Help in your language", Text("accessibility/language")),
    Section("Complain", Text("accessibility/complaint")),
    Section("How this site was tested", Text("accessibility/site"), Part("tested")),
), numbers=False)
