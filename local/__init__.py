"""The local cloud: the whole pipeline on one machine, without an account."""
