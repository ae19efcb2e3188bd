"""What is counted, from the exchange log alone: monthly figures, the yearly statutory report, compliance of the units.

Everything here is a pure function of entries and a window, so that anybody with the log comes to the same figures.
"""
