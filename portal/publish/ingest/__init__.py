"""From a private extract to checked calls: readers, mapping, conversion, validation."""
