"""The figures a council decides by: each reads published numbers, applies one method of portal/figures/decisions/ and
says what is assumed, and what it refuses to say.
"""
