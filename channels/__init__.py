"""One folder for each channel: `incoming` verifies and normalises for `web`, `outgoing` sends for
`outreach`. This package stores nothing and decides nothing."""
