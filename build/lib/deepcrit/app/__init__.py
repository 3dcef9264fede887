"""What knows all experiments: configuration, plan, cost, launching, tracing, and the command line."""
