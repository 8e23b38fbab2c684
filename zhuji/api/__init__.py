"""The same deeds and words as the pages, for programs: JSON over HTTP, described by OpenAPI."""
