"""The crawler: its own process, which reads a job file, visits venue sites and leaves results in a spool folder."""
