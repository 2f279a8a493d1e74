OPTIONAL MATCH (head:_Head {id: 'head'})
RETURN [coalesce(head.revision, 0),
[COLLECT { UNWIND COLLECT { MATCH (n1:Record) WHERE n1.id IN $p0 AND n1.visibility IN $levels WITH n1 ORDER BY n1.id RETURN [[n1.id], [n1.kind, n1.id, n1.importKey]] } + COLLECT { MATCH (s3:Stakeholder)-[r2:PART_OF|MEMBER_OF|ESTABLISHED_BY|SUPERVISES|FUNDS|COMMISSIONS|OPERATES|SUPPORTS|ADVISES|CONSULTS|REFERS_TO|HOSTS|EMPLOYS|COLLABORATES_WITH|KNOWS]->(o4) WHERE r2.id IN $p0 AND r2.visibility IN $levels AND s3.visibility IN $levels AND o4.visibility IN $levels WITH r2 ORDER BY r2.id RETURN [[r2.id], ['Tie', r2.id, r2.importKey]] } AS x5 WITH x5 ORDER BY x5[0][0] RETURN x5[1] }, null, null]] AS answer
// parameters ["levels","p0"]
