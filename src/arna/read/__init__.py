"""Pages as fetched to articles and passages: charset, body, metadata, language. The door is ``arna.read.stage``."""
