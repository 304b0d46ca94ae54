"""Themes: colors and fonts for the roles of a scene."""
