"""HTTP: chat, provider webhooks, the demo shop's pages. The only part that faces the network."""
