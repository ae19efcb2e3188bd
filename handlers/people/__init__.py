"""Coming in and taking part: registration, invitations, links, posts, mandates, absences, leaving."""
