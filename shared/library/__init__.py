"""What a lesson is taught from: books, passages, retrieval."""
