// @neo4j/graphql on GraphQL Yoga, over the database as the store lays it out.
// Usage: node neo4j-graphql.mjs BOLT-URI PORT
import { createServer } from "node:http";
import { Neo4jGraphQL } from "@neo4j/graphql";
import { createYoga } from "graphql-yoga";
import neo4j from "neo4j-driver";

const [uri, port] = process.argv.slice(2);

// One type for whatever may be the other end of a tie: an interface with a type for
// each kind is a union of as many matches, and slower.
const typeDefs = /* GraphQL */ `
  type Party @node(labels: ["Record", "Stakeholder"]) {
    id: ID!
    name: String!
    collaborators: [Party!]! @relationship(type: "COLLABORATES_WITH", direction: OUT, queryDirection: UNDIRECTED, properties: "Tie")
  }
  type Tie @relationshipProperties {
    id: ID!
    strength: Int
  }
  type Company @node(labels: ["Company", "Record"]) {
    id: ID!
    kind: String
    version: Int
    name: String!
    nameKana: String
    industry: String
    staff: Int
    sortKey: String
    searchKey: String
    needs: [Need!]! @relationship(type: "OF_STAKEHOLDER", direction: IN)
  }
  type Need @node {
    id: ID!
    topic: [Topic!]! @relationship(type: "ON_TOPIC", direction: OUT)
  }
  type Topic @node {
    id: ID!
    name: String!
  }
`;

const driver = neo4j.driver(uri, undefined, { disableLosslessIntegers: false });
const schema = await new Neo4jGraphQL({ typeDefs, driver }).getSchema();
const yoga = createYoga({ schema, logging: false, graphiql: false, maskedErrors: false, context: { sessionConfig: { database: "neo4j" } } });
const server = createServer(yoga).listen(Number(port), "127.0.0.1", () => console.log("ready"));
process.stdin.resume().on("end", () => {
  server.close();
  server.closeAllConnections();
  driver.close();
});
