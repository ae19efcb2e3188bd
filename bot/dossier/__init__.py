"""A dossier: one case as a ZIP that can be read by anybody and verified without us, by its own `verify.py`."""
