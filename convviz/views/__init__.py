"""Views: layer × values → scene, one module per view."""
