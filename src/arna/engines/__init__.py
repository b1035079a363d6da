"""Back ends behind Protocols: what a bigger engine can replace by a setting."""
