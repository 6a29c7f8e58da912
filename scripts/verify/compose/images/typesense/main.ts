import { createServer, request } from "node:http";
import { API_KEY, TypesenseDouble } from "../../../../../test/search/typesense-double/server.ts";

/** The tests' double of Typesense, for a container that needs a server: on port 8108, with the key that it is given. */
const double = new TypesenseDouble();
await double.start();
const { port } = new URL(double.url);

createServer((incoming, outgoing) => {
  // No request of the driver's, which is what the double answers.
  if (incoming.url === "/health") return void outgoing.end(JSON.stringify({ ok: true }));
  const isRight = incoming.headers["x-typesense-api-key"] === process.env.TYPESENSE_API_KEY;
  const headers = { ...incoming.headers, "x-typesense-api-key": isRight ? API_KEY : "wrong" };
  const forwarded = request({ port, method: incoming.method, path: incoming.url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  forwarded.on("error", () => outgoing.destroy());
  incoming.pipe(forwarded);
  // What it remembers of requests is for tests.
  double.requests.length = 0;
}).listen(8108, "0.0.0.0");
