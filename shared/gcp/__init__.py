"""The production adapters; the only importer of google.* in shared."""
