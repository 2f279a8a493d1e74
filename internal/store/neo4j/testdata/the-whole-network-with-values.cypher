OPTIONAL MATCH (head:_Head {id: 'head'})
CALL (head) {
WITH COLLECT { MATCH (n:Stakeholder) WHERE n.visibility IN $levels AND (n.from IS NULL OR n.from <= $asOf) AND (n.until IS NULL OR n.until > $asOf) RETURN DISTINCT n } AS h0
RETURN [n IN h0 | [n, 0]] AS found }
CALL (*) {
RETURN [coalesce(head.revision, 0)] AS answer
UNION ALL
UNWIND range(0, size(found) - 1, 256) AS i
RETURN COLLECT { UNWIND found[i..i + 256] AS place WITH place, place[0] AS n RETURN [n.id, n.kind, place[1], COLLECT { MATCH (n)-[r:PART_OF|MEMBER_OF|ESTABLISHED_BY|SUPERVISES|FUNDS|COMMISSIONS|OPERATES|SUPPORTS|ADVISES|CONSULTS|REFERS_TO|HOSTS|EMPLOYS|COLLABORATES_WITH|KNOWS]->(o) WHERE r.visibility IN $levels AND (r.from IS NULL OR r.from <= $asOf) AND (r.until IS NULL OR r.until > $asOf) RETURN [r.id, type(r), o.id, r.strength, coalesce(r.lastContactText, toString(r.lastContact)), r.doNotAsk, r.status] }, COLLECT { MATCH (n)<-[:HELD_BY]-(n1:Occupancy) WHERE n1.visibility IN $levels AND (n1.from IS NULL OR n1.from <= $asOf) AND (n1.until IS NULL OR n1.until > $asOf) MATCH (n1)-[:OF_POST]->(n2) WHERE n2.visibility IN $levels MATCH (n2)-[:POST_IN]->(n3) WHERE n3.visibility IN $levels RETURN [n1.id, n3.id, coalesce(n1.fromText, toString(n1.from))] }, CASE WHEN n.names IS NULL THEN n.name ELSE reduce(b5 = [null, n.name], i4 IN range(0, size(n.names) - 1) | CASE WHEN n.namesFrom[i4] <= $asOf AND n.namesUntil[i4] > $asOf AND (b5[0] IS NULL OR n.namesFrom[i4] >= b5[0]) THEN [n.namesFrom[i4], CASE n.names[i4] WHEN '' THEN null ELSE n.names[i4] END] ELSE b5 END)[1] END, head(COLLECT { MATCH (n)-[:LOCATED_IN]->(t6) WHERE t6.visibility IN $levels RETURN t6.id }), null] } AS answer }
RETURN answer
// parameters ["asOf","levels"]
