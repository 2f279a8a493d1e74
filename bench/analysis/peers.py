"""igraph and NetworkX for the benchmark: reads a network, then answers lines of
"library measure" with the seconds taken and the values, as JSON. Only the call
is timed, not the building of the graph."""
import json
import random
import signal
import sys
import time

import igraph
import networkx as nx


class TooLong(Exception):
    pass


def give_up(*_):
    raise TooLong


class Peers:
    def __init__(self, given):
        self.n, self.pivots = given["nodes"], given["pivots"]
        self.few = self.pivots[:given["networkxPivots"]] if given["networkxPivots"] else self.pivots
        self.limit = given["limit"]
        self.ig = igraph.Graph(n=self.n, edges=given["edges"])
        self.nx = nx.Graph()
        self.nx.add_nodes_from(range(self.n))
        self.nx.add_edges_from(given["edges"])
        self.whole = len(self.pivots) == self.n

    def igraph_betweenness(self):
        values = self.ig.betweenness() if self.whole else self.ig.betweenness(sources=self.pivots)
        # It takes each pair of ends once, or each pivot as half an end.
        return values, self.n / len(self.pivots) / ((self.n - 1) * (self.n - 2)) * 2

    def igraph_closeness(self):
        return self.ig.closeness(vertices=self.pivots), 1

    def igraph_PageRank(self):
        return self.ig.pagerank(), 1

    def igraph_communities(self):
        return [self.ig.community_leiden("modularity").modularity], 1

    def igraph_constraint(self):
        return self.ig.constraint(), 1

    def networkx_betweenness(self):
        if self.whole and len(self.few) == self.n:
            return nx.betweenness_centrality(self.nx)
        return nx.betweenness_centrality_subset(self.nx, self.few, list(self.nx))

    def networkx_closeness(self):
        return {v: nx.closeness_centrality(self.nx, v) for v in self.few}

    def networkx_PageRank(self):
        return nx.pagerank(self.nx, tol=1e-14, max_iter=1000)

    def networkx_communities(self):
        return nx.community.louvain_communities(self.nx, seed=1)  # it has no Leiden of its own

    def networkx_constraint(self):
        return nx.constraint(self.nx)

    def answer(self, library, measure):
        call = getattr(self, f"{library}_{measure}")
        random.seed(1)
        begin = time.perf_counter()
        signal.alarm(self.limit if library == "networkx" else 0)
        try:
            result = call()
        except TooLong:
            return {"seconds": time.perf_counter() - begin, "scale": 1, "stopped": True}
        finally:
            signal.alarm(0)
        seconds = time.perf_counter() - begin
        if library == "networkx":
            sampled = measure in ("betweenness", "closeness")
            return {"seconds": seconds, "scale": len(self.pivots) / len(self.few) if sampled else 1}
        values, unit = result
        return {"seconds": seconds, "scale": 1, "values": [v * unit for v in values]}


def main():
    signal.signal(signal.SIGALRM, give_up)
    peers = Peers(json.loads(sys.stdin.readline()))
    print(json.dumps({"versions": f"python-igraph {igraph.__version__}, NetworkX {nx.__version__}"}), flush=True)
    for line in sys.stdin:
        print(json.dumps(peers.answer(*line.split())), flush=True)


main()
