"""The web application, asked as browsers and attackers ask it."""
