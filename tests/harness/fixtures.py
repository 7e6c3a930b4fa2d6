"""The fixtures that every suite may ask for."""
