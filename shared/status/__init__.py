"""How far is a request?  What `status` answers, free of any framework."""
