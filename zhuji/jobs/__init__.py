"""Long work done behind the reader's back: asked for, watched, cancelled, its result kept."""
