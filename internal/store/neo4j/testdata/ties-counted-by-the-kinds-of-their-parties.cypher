OPTIONAL MATCH (head:_Head {id: 'head'})
CALL (head) { MATCH (s2:Stakeholder)-[r1:PART_OF|MEMBER_OF|ESTABLISHED_BY|SUPERVISES|FUNDS|COMMISSIONS|OPERATES|SUPPORTS|ADVISES|CONSULTS|REFERS_TO|HOSTS|EMPLOYS|COLLABORATES_WITH|KNOWS]->(o3) WHERE r1.visibility IN $levels AND s2.visibility IN $levels AND o3.visibility IN $levels AND (r1.from IS NULL OR r1.from <= $asOf) AND (r1.until IS NULL OR r1.until > $asOf) UNWIND [startNode(r1)] AS p4 UNWIND [endNode(r1)] AS p5 WITH p4.kind AS v0, null AS l0, p5.kind AS v1, null AS l1, count(*) AS size RETURN collect([[v0, v1], [l0, l1], size]) AS g6 }
RETURN [coalesce(head.revision, 0),
g6] AS answer
// parameters ["asOf","levels"]
