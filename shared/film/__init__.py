"""What a lesson looks and sounds like: voice, picture, file."""
