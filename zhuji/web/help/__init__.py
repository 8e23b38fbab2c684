"""The documents of the project as pages: tutorial, how-to, explanation, reference."""
