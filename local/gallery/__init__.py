"""A gallery: ten lessons of one book, and a contact sheet to look at them all."""
