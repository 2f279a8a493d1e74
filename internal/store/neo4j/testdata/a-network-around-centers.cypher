OPTIONAL MATCH (head:_Head {id: 'head'})
CALL (head) {
WITH COLLECT { MATCH (n:Record) WHERE n.id IN $p0 AND n:Stakeholder AND n.visibility IN $levels AND (n.from IS NULL OR n.from <= $asOf) AND (n.until IS NULL OR n.until > $asOf) RETURN DISTINCT n } AS h0
WITH h0, COLLECT { UNWIND h0 AS a MATCH (a)-[r:PART_OF|MEMBER_OF|ESTABLISHED_BY|SUPERVISES|FUNDS|COMMISSIONS|OPERATES|SUPPORTS|ADVISES|CONSULTS|REFERS_TO|HOSTS|EMPLOYS|COLLABORATES_WITH|KNOWS]-(n) WHERE r.visibility IN $levels AND (r.from IS NULL OR r.from <= $asOf) AND (r.until IS NULL OR r.until > $asOf) AND type(r) = $p3 AND n.visibility IN $levels AND (n.from IS NULL OR n.from <= $asOf) AND (n.until IS NULL OR n.until > $asOf) RETURN DISTINCT n } AS h1
WITH h0, h1, COLLECT { UNWIND h1 AS a MATCH (a)-[r:PART_OF|MEMBER_OF|ESTABLISHED_BY|SUPERVISES|FUNDS|COMMISSIONS|OPERATES|SUPPORTS|ADVISES|CONSULTS|REFERS_TO|HOSTS|EMPLOYS|COLLABORATES_WITH|KNOWS]-(n) WHERE r.visibility IN $levels AND (r.from IS NULL OR r.from <= $asOf) AND (r.until IS NULL OR r.until > $asOf) AND type(r) = $p4 AND n.visibility IN $levels AND (n.from IS NULL OR n.from <= $asOf) AND (n.until IS NULL OR n.until > $asOf) RETURN DISTINCT n } AS h2
CALL (h0, h1, h2) { UNWIND [n IN h0 | [n, 0]] + [n IN h1 | [n, 1]] + [n IN h2 | [n, 2]] AS m RETURN m[0] AS n, min(m[1]) AS hop }
RETURN collect([n, hop]) AS found }
WITH *, [place IN found | place[0]] AS nodes
CALL (*) {
RETURN [coalesce(head.revision, 0)] AS answer
UNION ALL
UNWIND range(0, size(found) - 1, 256) AS i
RETURN COLLECT { UNWIND found[i..i + 256] AS place WITH place, place[0] AS n RETURN [n.id, n.kind, place[1], COLLECT { MATCH (n)-[r:PART_OF|MEMBER_OF|ESTABLISHED_BY|SUPERVISES|FUNDS|COMMISSIONS|OPERATES|SUPPORTS|ADVISES|CONSULTS|REFERS_TO|HOSTS|EMPLOYS|COLLABORATES_WITH|KNOWS]->(o) WHERE r.visibility IN $levels AND (r.from IS NULL OR r.from <= $asOf) AND (r.until IS NULL OR r.until > $asOf) AND type(r) = $p5 AND o IN nodes RETURN [r.id, type(r), o.id, r.strength] }, []] } AS answer }
RETURN answer
// parameters ["asOf","levels","p0","p3","p4","p5"]
