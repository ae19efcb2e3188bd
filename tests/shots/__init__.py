"""The product in a real browser: the story is clicked through, every page is photographed and examined."""
