"""The brief for a meeting: HTML, PDF and projector, from a rendered release."""
