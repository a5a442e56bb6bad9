"""Made-up extracts, and the shipped releases made from them."""
