"""Encoders: from photographs and texts to unit vectors of one embedding space.

`load` turns the settings IMAGE_ENCODER and TEXT_ENCODER into an encoder; `protocols` says what an encoder is, one file
each holds an implementation, `pipeline` keeps a model fed and `filling` stores what comes out. Which photos and
texts are embedded, and when, is decided by the assets.
"""
