"""Speed and memory, measured and printed; nothing here asserts."""
