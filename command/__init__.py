"""The command line, the supervisor of the parts, and the local fakes of providers."""
