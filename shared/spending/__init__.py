"""What models cost, how much may be spent, and when to stop asking; pure but for one port."""
