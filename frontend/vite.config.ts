import { defineConfig } from "vite";

// One module that the shop's pages load; the manifest tells the server its name.
export default defineConfig({
  build: {
    manifest: true,
    modulePreload: false,
    rollupOptions: { input: { chat: "src/chat.ts" } },
  },
});
