"""What several judgements add to an answer."""
