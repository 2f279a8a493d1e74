OPTIONAL MATCH (head:_Head {id: 'head'})
CALL (head) { MATCH (s2:Stakeholder)-[r1:PART_OF|MEMBER_OF|ESTABLISHED_BY|SUPERVISES|FUNDS|COMMISSIONS|OPERATES|SUPPORTS|ADVISES|CONSULTS|REFERS_TO|HOSTS|EMPLOYS|COLLABORATES_WITH|KNOWS]->(o3) WHERE r1.visibility IN $levels AND s2.visibility IN $levels AND o3.visibility IN $levels AND (r1.from IS NULL OR r1.from <= $asOf) AND (r1.until IS NULL OR r1.until > $asOf) WITH toString(r1.from.year - CASE WHEN r1.from.month < 4 THEN 1 ELSE 0 END) AS v0, null AS l0, count(*) AS size RETURN collect([[v0], [l0], size]) AS g4 }
RETURN [coalesce(head.revision, 0),
g4] AS answer
// parameters ["asOf","levels"]
