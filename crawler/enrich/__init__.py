"""What does the article tell about? Facts beside the text, which stays as it is."""
