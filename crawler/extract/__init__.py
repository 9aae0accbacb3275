"""What does the page say? HTML in, a Draft out."""
