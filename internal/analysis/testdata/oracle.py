"""Makes oracle.json: what python-igraph and NetworkX say of a few networks.

Run it by `make oracle`. Where both libraries define a measure alike the script
asserts that they agree, so that a stored value rests on two implementations.
What neither has (Gould-Fernandez brokerage, E-I index, reach, what-if) is
computed here by brute force from the definition.
"""
import itertools
import json
import math
import random
import sys

import igraph
import networkx as nx
import numpy as np

GROUPS = 4
WHOLE = 2520  # over 1 to 10 a whole number, so that equal lengths are equal


def network(name, nodes, edges, directed, weighted):
    """edges: (from, to, weight); parallel edges and self-loops are allowed."""
    rng = random.Random(name)
    return {
        "name": name, "nodes": nodes, "directed": directed, "weighted": weighted,
        "edges": [list(e) for e in edges], "groups": [rng.randrange(GROUPS) for _ in range(nodes)],
    }


def unweighted(pairs):
    return [(a, b, 1) for a, b in pairs]


def networks():
    rng = random.Random(5)
    yield network("random", 60, unweighted(nx.gnm_random_graph(60, 150, seed=1).edges), False, False)
    yield network("scale-free", 80, unweighted(nx.barabasi_albert_graph(80, 2, seed=2).edges), False, False)
    pieces = nx.disjoint_union_all([
        nx.gnm_random_graph(20, 35, seed=3), nx.path_graph(9), nx.cycle_graph(6), nx.star_graph(5),
        nx.complete_graph(4), nx.barbell_graph(4, 2), nx.empty_graph(3), nx.path_graph(2)])
    yield network("disconnected", len(pieces), unweighted(pieces.edges), False, False)
    yield network("directed", 50, unweighted(nx.gnm_random_graph(50, 220, seed=4, directed=True).edges), True, False)
    thin = nx.gnm_random_graph(40, 60, seed=6, directed=True)
    yield network("directed-in-pieces", 40, unweighted(thin.edges), True, False)
    yield network("weighted", 50, [(a, b, rng.randint(1, 5)) for a, b in nx.gnm_random_graph(50, 140, seed=7).edges], False, True)
    yield network("weighted-directed", 45, [(a, b, rng.randint(1, 5)) for a, b in nx.gnm_random_graph(45, 200, seed=8, directed=True).edges], True, True)
    many = [(rng.randrange(30), rng.randrange(30), rng.randint(1, 5)) for _ in range(55)]
    yield network("parallel-ties", 30, many + many[::4], False, True)
    yield network("karate", 34, unweighted(nx.karate_club_graph().edges), False, False)


def simple(net):
    """The NetworkX graph: parallel edges become one with the sum of weights."""
    g = nx.DiGraph() if net["directed"] else nx.Graph()
    g.add_nodes_from(range(net["nodes"]))
    for a, b, w in net["edges"]:
        if a == b:
            continue
        if g.has_edge(a, b):
            g[a][b]["weight"] += w
        else:
            g.add_edge(a, b, weight=w)
    for a, b, d in g.edges(data=True):
        d["length"] = WHOLE / d["weight"]
    nx.set_node_attributes(g, dict(enumerate(net["groups"])), "group")
    return g


def undirected(g):
    """The undirected view: the weights of both directions add up."""
    u = nx.Graph()
    u.add_nodes_from(g.nodes(data=True))
    for a, b, d in g.edges(data=True):
        if u.has_edge(a, b):
            u[a][b]["weight"] += d["weight"]
        else:
            u.add_edge(a, b, weight=d["weight"])
    for a, b, d in u.edges(data=True):
        d["length"] = WHOLE / d["weight"]
    return u


def to_igraph(g):
    ig = igraph.Graph(n=len(g), edges=list(g.edges), directed=g.is_directed())
    ig.es["weight"] = [d["weight"] for _, _, d in g.edges(data=True)]
    return ig


def agree(what, a, b, tolerance=1e-9):
    for i, (x, y) in enumerate(zip(a, b, strict=True)):
        if not (math.isnan(x) and math.isnan(y)) and abs(x - y) > tolerance * max(1, abs(x)):
            sys.exit(f"{what}: the oracles differ at {i}: {x} and {y}")
    return list(a)


def listed(values, n):
    return [values[v] for v in range(n)]


def betweenness(g, ig, weighted):
    n = len(g)
    ours = listed(nx.betweenness_centrality(g, weight="length" if weighted else None), n)
    weights = [WHOLE / w for w in ig.es["weight"]] if weighted else None
    pairs = (n - 1) * (n - 2) / (1 if g.is_directed() else 2)
    return agree("betweenness", ours, [x / pairs for x in ig.betweenness(directed=g.is_directed(), weights=weights)])


def pagerank(g, ig, weighted):
    n = len(g)
    a = nx.pagerank(g, alpha=0.85, tol=1e-15, max_iter=5000, weight="weight" if weighted else None)
    return agree("pagerank", listed(a, n), ig.pagerank(damping=0.85, weights="weight" if weighted else None))


def eigenvector(u, weighted):
    """By dense symmetric eigenvalues; of a repeated greatest one, the part of
    the eigenspace along the vector of ones."""
    m = nx.to_numpy_array(u, nodelist=range(len(u)), weight="weight" if weighted else None)
    values, vectors = np.linalg.eigh(m)
    space = vectors[:, values > values[-1] * (1 - 1e-9)]
    x = np.abs(space @ (space.T @ np.ones(len(u))))
    x = x / x.max()
    if space.shape[1] == 1:
        agree("eigenvector", x.tolist(), to_igraph(u).eigenvector_centrality(weights="weight" if weighted else None), 1e-7)
    return x.tolist()


def effective_size(g, weight=None):
    """From the formula in NetworkX's documentation with its own weights. For all
    nodes at once NetworkX 3.6.1 divides m_jq by q's strongest tie instead of
    j's, and node by node it leaves out nodes that edges only lead to."""
    w = nx.algorithms.structuralholes.normalized_mutual_weight
    out = []
    for v in range(len(g)):
        near = set(nx.all_neighbors(g, v))
        size = sum(1 - sum(w(g, v, q, weight=weight) * w(g, j, q, norm=max, weight=weight) for q in near) for j in near)
        out.append(size if near else math.nan)
    return out


def constraint(g, ig, weight=None):
    return agree("constraint", listed(nx.constraint(g, weight=weight), len(g)), ig.constraint(weights=weight))


def distances(g):
    lengths = dict(nx.all_pairs_shortest_path_length(g))
    n = len(g)
    return {
        "reached": [len(lengths[v]) - 1 for v in range(n)],
        "farthest": [max(lengths[v].values()) for v in range(n)],
        "within2": [sum(1 for d in lengths[v].values() if 0 < d <= 2) for v in range(n)],
        "closeness": listed(nx.closeness_centrality(g.reverse() if g.is_directed() else g), n),
        "harmonic": [x / (n - 1) for x in listed(nx.harmonic_centrality(g.reverse() if g.is_directed() else g), n)],
    }


def by_component(g, u):
    lengths = dict(nx.all_pairs_shortest_path_length(g))
    out = []
    for c in components(u):
        all_of = [d for v in c for w, d in lengths[v].items() if v != w]
        mean = sum(all_of) / len(all_of) if all_of else 0
        out.append({"diameter": max(all_of, default=0), "mean": mean})
        if not g.is_directed() and len(c) > 1:
            part = u.subgraph(c)
            agree("path lengths", [nx.diameter(part), nx.average_shortest_path_length(part)], [out[-1]["diameter"], mean])
    return out


def components(u):
    found = [sorted(c) for c in nx.connected_components(u)]
    return sorted(found, key=lambda c: (-len(c), c[0]))


def cut_points(u):
    out = []
    for v in sorted(nx.articulation_points(u)):
        whole = len(nx.node_connected_component(u, v)) - 1
        rest = u.copy()
        rest.remove_node(v)
        pieces = [len(c) for c in nx.connected_components(rest) if any(nx.has_path(u, v, w) for w in c)]
        lost = (whole * whole - sum(p * p for p in pieces)) // 2
        out.append([v, len(pieces), whole - max(pieces), lost])
    return out


def bridges(net):
    """igraph knows parallel edges: two between the same nodes are no bridge."""
    ig = igraph.Graph(n=net["nodes"], edges=[(a, b) for a, b, _ in net["edges"] if a != b])
    return sorted(sorted(ig.es[e].tuple) for e in ig.bridges())


def brokerage(g, groups):
    roles = [[0] * 5 for _ in g]
    d = g if g.is_directed() else g.to_directed()
    for b in d:
        for a, c in itertools.product(d.predecessors(b), d.successors(b)):
            if a == c or d.has_edge(a, c):
                continue
            x, y, z = groups[a], groups[b], groups[c]
            if x == y == z:
                role = 0  # coordinator
            elif x == z:
                role = 1  # itinerant
            elif y == z:
                role = 2  # gatekeeper
            elif x == y:
                role = 3  # representative
            else:
                role = 4  # liaison
            roles[b][role] += 1
    return roles


def mixing(g, groups):
    m = [[0] * GROUPS for _ in range(GROUPS)]
    external = 0
    for a, b in g.edges:
        x, y = groups[a], groups[b]
        external += x != y
        m[x][y] += 1
        if not g.is_directed() and x != y:
            m[y][x] += 1
    return m, (2 * external - g.number_of_edges()) / g.number_of_edges()


def community(u, groups):
    """The modularity of the given groups, and the best that Leiden finds."""
    ig = to_igraph(u)
    sets = [[v for v in u if groups[v] == c] for c in range(GROUPS)]
    given = agree("modularity", [nx.community.modularity(u, sets, weight="weight")], [ig.modularity(groups, weights="weight")])[0]
    best = max(ig.community_leiden("modularity", weights="weight", n_iterations=10).modularity for _ in range(400))
    return {"given": given, "best": best}


def what_if(u):
    gone = sorted(u, key=lambda v: (-u.degree(v), v))[:3]
    rest = u.copy()
    rest.remove_nodes_from(gone)
    return {"remove": gone, "components": sorted((len(c) for c in nx.connected_components(rest)), reverse=True)}


def adamic_adar(u):
    open_pairs = nx.adamic_adar_index(u)
    return sorted([[a, b, s] for a, b, s in open_pairs if s > 0], key=lambda x: (-round(x[2], 9), x[0], x[1]))[:20]


def answers(net):
    g = simple(net)
    u, ig, n, groups = undirected(g), to_igraph(g), len(g), net["groups"]
    mixed, ei = mixing(g, groups)
    out = {
        "degree": listed(dict(u.degree), n), "strength": listed(dict(u.degree(weight="weight")), n),
        "betweenness": betweenness(g, ig, False), "pagerank": pagerank(g, ig, False),
        "eigenvector": eigenvector(u, False), "out": distances(g), "byComponent": by_component(g, u),
        "coreness": agree("coreness", listed(nx.core_number(u), n), to_igraph(u).coreness()),
        "components": components(u), "cutPoints": cut_points(u), "bridges": bridges(net),
        "constraint": constraint(g, ig), "effectiveSize": effective_size(g),
        "brokerage": brokerage(g, groups), "mixing": mixed, "ei": ei,
        "assortativity": agree("assortativity", [nx.attribute_assortativity_coefficient(g, "group")],
                               [ig.assortativity_nominal(groups, directed=g.is_directed())])[0],
        "modularity": community(u, groups), "density": nx.density(g),
        "reciprocity": nx.reciprocity(g) if g.is_directed() else 1,
        "whatIf": what_if(u), "adamicAdar": adamic_adar(u),
    }
    agree("cut points", [c[0] for c in out["cutPoints"]], sorted(to_igraph(u).articulation_points()))
    if g.is_directed():
        out["inDegree"], out["outDegree"] = listed(dict(g.in_degree), n), listed(dict(g.out_degree), n)
        out["in"] = distances(g.reverse())
    if net["weighted"]:
        out["weighted"] = {
            "betweenness": betweenness(g, ig, True), "pagerank": pagerank(g, ig, True),
            "eigenvector": eigenvector(u, True), "constraint": constraint(g, ig, "weight"),
            "effectiveSize": effective_size(g, "weight"),
        }
    return out


def plain(x):
    """JSON has no NaN: a node without a value is null."""
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [plain(v) for v in x]
    if isinstance(x, float) and math.isnan(x):
        return None
    return x


def main():
    random.seed(1)  # igraph draws from it
    cases = []
    for net in networks():
        cases.append({"network": net, "want": answers(net)})
    made = {"madeBy": f"python-igraph {igraph.__version__}, NetworkX {nx.__version__}, NumPy {np.__version__}", "cases": cases}
    json.dump(plain(made), sys.stdout, separators=(",", ":"), allow_nan=False)
    print()


main()
