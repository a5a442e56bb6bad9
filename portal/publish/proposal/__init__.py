"""From a strange file to a proposed mapping: what each column probably means, and how sure that is."""
