"""The report: one page that holds the verdicts, the figures and how they were made."""
