"""The directory in chat: looked up by anybody, cared for by units and the press office."""
