/**
 * Serves the built demo on http://localhost:4173 under the policy it is meant to run with. `PORT` chooses another port.
 */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

export const CONTENT_SECURITY_POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/** Serves the folder `dist` beside this file; resolves with the server's address and a function that ends it. */
export async function serveDemo({ port = 4173, host = 'localhost', folder } = {}) {
  const files = sirv(folder ?? fileURLToPath(new URL('./dist', import.meta.url)), {
    dev: true, // looks at the disk for each request, so that a new build is served at once
    setHeaders(response) {
      response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
      response.setHeader('X-Content-Type-Options', 'nosniff');
      response.setHeader('Referrer-Policy', 'no-referrer');
    },
  });
  const server = createServer((request, response) => {
    files(request, response, () => {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('There is no such file.\n');
    });
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return {
    url: `http://${host}:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await serveDemo({ port: Number(process.env.PORT ?? 4173) });
  console.log(`Liner Notes is at ${url} (Ctrl+C ends it)`);
}
