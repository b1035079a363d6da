"""What articles are on, what is covered, how well it was collected, and what is missing."""
