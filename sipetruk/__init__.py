"""SI PETRUK: how a regency selects its best civil servants, fairly and verifiably."""
