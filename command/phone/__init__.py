"""Behind the local fake of Twilio: its texts, its calls to the shop, and a telephone to look at."""
