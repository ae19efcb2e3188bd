"""The tests mirror the source; flows are transcripts a press officer could read."""
