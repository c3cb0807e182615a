"""What goes out: scheduled jobs, the sender, and the link to the shop's systems."""
