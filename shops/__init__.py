"""One folder for each shop platform behind one protocol. `outreach` alone calls this package, and
this package imports none of ours."""
