"""What heals the pipeline: the sweep of a tick, and what becomes of a dead letter."""
