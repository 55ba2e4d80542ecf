"""The author that only quotes: a plan from the book's own sentences, without any model."""
