"""Voices that are paid for: which there are, what they cost, and who decides whether to ask."""
