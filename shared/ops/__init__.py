"""What an operator does by hand: look at dead letters, send them again, cancel a request."""
