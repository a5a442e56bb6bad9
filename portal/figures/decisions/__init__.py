"""What a council decides by, as pure functions of published counts: knows no release, no language and no page."""
