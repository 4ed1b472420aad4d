"""Files that people take away and bring back: values in, bytes out, and the other way round."""
