"""Accessibility: whom to ask for an aid, a draft of the request, what to ask for, complaints, and tests of the site."""

from portal.page import DataPart, Form, Page, Section, Text

PAGE = Page("accessibility", "Accessibility", "How can I take part?", lead="", sections=(
    Section("Whom to ask", Text("accessibility/contact")),
    Section("Write your request", Text("accessibility/helper"), Form("request")),
    Section("What you can ask for", Text("accessibility/aids"), Text("accessibility/language")),
    Section("Complain", Text("accessibility/complaint")),
    Section("How this site was tested", Text("accessibility/site"), DataPart("tested")),
), numbers=False, says=(Text("accessibility/lead"),))
