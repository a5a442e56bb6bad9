"""Finds the places of the site that answer a question, from its words alone. Reads pages, texts and lists of words;
touches no release and no request, and writes nothing down.
"""
