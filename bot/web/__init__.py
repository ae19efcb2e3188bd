"""The web application: newsroom, directory, chat, one-time links, health. Only this package imports starlette.

Whatever a person does here is one POST that puts one message into the inbox; whatever they see comes from their timeline.
"""
