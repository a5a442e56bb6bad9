"""Every picture is drawn in this room: Altair specifications from a figure's numbers. Knows no release and no page."""
