"""Figure to HTML fragment and pictures: one template, one cache of bytes, used by site and editions alike."""
