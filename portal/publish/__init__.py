"""Extract to release: the only room that may see a person's record. Nothing but the command line imports it."""
