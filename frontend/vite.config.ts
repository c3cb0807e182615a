import { defineConfig } from "vite";

// One module that the shop's pages load; the manifest tells the server its name. The tracker has a name
// that stays, and is closed up, as other pages load it as a plain script among their own.
export default defineConfig({
  build: {
    manifest: true,
    modulePreload: false,
    rollupOptions: {
      input: { chat: "src/chat.ts", tracker: "tracker/tracker.ts" },
      output: {
        entryFileNames: (chunk) =>
          chunk.name === "tracker" ? "tracker.js" : "assets/[name]-[hash].js",
        banner: (chunk) => (chunk.name === "tracker" ? "(()=>{" : ""),
        footer: (chunk) => (chunk.name === "tracker" ? "})();" : ""),
      },
    },
  },
});
