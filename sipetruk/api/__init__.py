"""The Strawberry face: public schema and staff schema."""
