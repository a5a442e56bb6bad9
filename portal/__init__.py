"""Somerville's Co-Response transparency portal: from a private extract to a page a resident reads."""
