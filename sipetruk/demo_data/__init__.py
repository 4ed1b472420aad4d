"""Made-up people, papers and dates for the demonstration; nobody in it exists."""
