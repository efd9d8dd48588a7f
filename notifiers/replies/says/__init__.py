"""What a person says besides a report: more time, somebody else, a question, a decision."""
