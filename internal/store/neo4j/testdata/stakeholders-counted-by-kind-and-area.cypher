OPTIONAL MATCH (head:_Head {id: 'head'})
CALL (head) { MATCH (n1:Stakeholder) WHERE n1.visibility IN $levels AND (n1.from IS NULL OR n1.from <= $asOf) AND (n1.until IS NULL OR n1.until > $asOf) UNWIND CASE WHEN size(COLLECT { MATCH (n1)-[:LOCATED_IN]->(t2) WHERE t2.visibility IN $levels RETURN [t2.id, t2.name] }) = 0 THEN [[null, null]] ELSE COLLECT { MATCH (n1)-[:LOCATED_IN]->(t2) WHERE t2.visibility IN $levels RETURN [t2.id, t2.name] } END AS g3 WITH n1.kind AS v0, null AS l0, g3[0] AS v1, g3[1] AS l1, count(*) AS size RETURN collect([[v0, v1], [l0, l1], size]) AS g4 }
RETURN [coalesce(head.revision, 0),
g4] AS answer
// parameters ["asOf","levels"]
