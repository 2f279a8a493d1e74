// PostGraphile on Grafserv over the tables of schema.sql.
// Usage: node postgraphile.mjs CONNECTION PORT
import { createServer } from "node:http";

// PostGraphile 5 is for Node 22; this is what it misses in Node 20.
Promise.withResolvers ??= function () {
  let resolve, reject;
  const promise = new this((a, b) => ([resolve, reject] = [a, b]));
  return { promise, resolve, reject };
};

const { postgraphile } = await import("postgraphile");
const { grafserv } = await import("postgraphile/grafserv/node");
const { PostGraphileAmberPreset } = await import("postgraphile/presets/amber");
const { makePgService } = await import("postgraphile/adaptors/pg");
const { PostGraphileConnectionFilterPreset } = await import("postgraphile-plugin-connection-filter");

const [connectionString, port] = process.argv.slice(2);
const pgl = postgraphile({
  extends: [PostGraphileAmberPreset, PostGraphileConnectionFilterPreset],
  pgServices: [makePgService({ connectionString, schemas: ["public"], poolConfig: { max: 10 } })],
  schema: { connectionFilterRelations: true },
  grafserv: { graphiql: false, watch: false },
  grafast: { explain: false },
});
const serv = pgl.createServ(grafserv);
const server = createServer();
await serv.addTo(server);
server.listen(Number(port), "127.0.0.1", () => console.log("ready"));
process.stdin.resume().on("end", () => {
  server.close();
  server.closeAllConnections();
  pgl.release();
});
