"""The author that asks a model: brief and material -> prompt, answer -> plan."""
