"""One folder an experiment: configuration, plan, tables, analysis and figure."""
