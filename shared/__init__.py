"""What every stage stands on; the pure middle and the ports."""
