"""Papers: reports, dossiers and letters as files people print, from plain facts; the heavy libraries are imported when one is made."""
