"""What happens to stored rows: by writers, by triggers, by the schema itself."""
