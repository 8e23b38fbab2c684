"""Signing in and out, the second factor, sign-in through a provider."""
