"""The Flask-Admin face of BKPSDM, verifiers and assessors."""
