"""Conditions of rulebooks and schemas: read (`parse`), printed (`terms`), compared (`decide`)."""
