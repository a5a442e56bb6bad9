"""The brief for a meeting as page and PDF, and the screens for a projector, from a rendered release."""
