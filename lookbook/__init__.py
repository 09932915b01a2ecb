"""The reference app: what a couple sees, built on the views of the schema `serving` and nothing else."""
