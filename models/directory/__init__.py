"""The units and outlets of the province, dated: what is held of them, how it changes, what is public."""
