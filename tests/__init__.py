"""What the portal promises, room by room as portal/ is; tests/browser/ in a real Chromium."""
