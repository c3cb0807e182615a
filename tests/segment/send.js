// Sends 1,000 events with Segment's own Node library, in little waves: host and key are given.
import { Analytics } from "@segment/analytics-node";

const [host, writeKey] = process.argv.slice(2);
const analytics = new Analytics({ writeKey, host, flushAt: 50, maxRetries: 20 });
analytics.on("error", (error) => {
  console.error(error);
  process.exitCode = 1;
});
for (let number = 0; number < 1000; number++) {
  const userId = `person-${number % 20}`;
  analytics.track({ userId, event: "Song Played", properties: { number } });
  if (number % 100 === 99) await new Promise((done) => setTimeout(done, 100));
}
await analytics.closeAndFlush({ timeout: 90_000 });
