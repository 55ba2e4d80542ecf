"""Passages and questions as vectors: embedded in batches, paid once, never stalling a lesson."""
