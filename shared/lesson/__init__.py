"""What a lesson says: plan, author, checks."""
