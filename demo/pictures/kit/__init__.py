"""The kit: things any style can paint with, from skies to spoons. Nothing here knows an aesthetic."""
