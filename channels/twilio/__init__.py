"""Text messages through Twilio. The only home of its SDK."""
