"""What a scene looks like, frame by frame: layout, layers, motion."""
