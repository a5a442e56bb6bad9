"""The figures a council decides by: each reads published numbers, applies one method of portal/figures/decisions/, and
states what it assumes and what it refuses to say.
"""
