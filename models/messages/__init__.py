"""What comes in and goes out: messages, menus, conversations, releases and who wants them."""
